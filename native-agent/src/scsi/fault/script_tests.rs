//! What scripts say, and what they cannot.

use super::*;

fn only(line: &str) -> Fault {
    parse_line(line).unwrap().unwrap()
}

#[test]
fn lines_say_where_what_and_how_often() {
    let fault = only("write: medium-error");
    assert_eq!((fault.target, fault.first, fault.times), (Target::Writing, 1, 1));
    assert_eq!(fault.effect, Effect::Refuse(Sense::new(3, 0x0c, 0)));
    let fault = only(" read(10)  3 blocks 100-115 after 2MiB : medium-error always # a scratch");
    assert_eq!((fault.target, fault.first), (Target::Opcode(0x28), 3));
    assert_eq!((fault.blocks, fault.after, fault.times), (Some(100..116), 2 << 20, u32::MAX));
    assert_eq!(fault.effect, Effect::Refuse(Sense::new(3, 0x11, 0)));
    assert_eq!(only("read blocks 7: sense 4/44/00").blocks, Some(7..8));
    let busy = |line| match only(line).effect {
        Effect::Busy(sense, lasting) => ((sense.asc, sense.ascq), lasting),
        other => panic!("{other:?}"),
    };
    let seconds = Lasting::Time(Duration::from_secs(2));
    assert_eq!(busy("write 9: long-write for 2s"), ((4, 8), seconds));
    assert_eq!(busy("any: sense 2/04/07 for 3 commands"), ((4, 7), Lasting::Commands(3)));
    let deferred = Sense { deferred: true, ..Sense::new(3, 0x0c, 9) };
    assert_eq!(only("write: deferred loss-of-streaming").effect, Effect::Defer(deferred));
    assert_eq!(only("0x5b 2: status 08 times 4").effect, Effect::Status(8));
    assert_eq!(only("close-track/session: gone").target, Target::Opcode(0x5b));
    assert_eq!(only("Test-Unit-Ready: timeout").effect, Effect::Timeout);
    let recovered = Sense::new(1, 0x17, 1);
    assert_eq!(only("read: sense 1/17/01").effect, Effect::Report(recovered));
}

#[test]
fn what_is_not_understood_is_told_with_its_line() {
    use ScriptProblem as P;
    let word = str::to_owned;
    for (line, problem) in [
        ("write medium-error", P::NoColon),
        (": gone", P::UnknownCommand(String::new())),
        ("wriet: gone", P::UnknownCommand(word("wriet"))),
        ("0x100: gone", P::UnknownCommand(word("0x100"))),
        ("unknown-command: gone", P::UnknownCommand(word("unknown-command"))),
        ("write:", P::NoEffect),
        ("write: explode", P::UnknownEffect(word("explode"))),
        ("write: gone now", P::Unexpected(word("now"))),
        ("write blocks: gone", P::Missing(word("blocks"))),
        ("write: long-write for", P::Missing(word("for"))),
        ("write 0: gone", P::BadNumber(word("0"))),
        ("write -1: gone", P::Unexpected(word("-1"))),
        ("write after 3parsecs: gone", P::BadNumber(word("3parsecs"))),
        ("write after 99999999999GiB: gone", P::BadNumber(word("99999999999GiB"))),
        ("write blocks 9-5: gone", P::BadRange(9, 5)),
        ("write blocks 4294967295: gone", P::BadNumber(word("4294967295"))),
        ("write: sense 3-0c-00", P::BadSense(word("3-0c-00"))),
        ("write: sense 10/0C/00", P::BadSense(word("10/0C/00"))),
        ("write: status 00", P::BadNumber(word("00"))),
        ("write: long-write for ever", P::BadNumber(word("ever"))),
        ("write: long-write for 9999999s", P::BadNumber(word("9999999s"))),
        ("write: long-write for 3 weeks", P::Unexpected(word("weeks"))),
        ("any blocks 3: gone", P::NoBlocks),
        ("any: medium-error", P::NoBlocks),
        ("write: medium-error for 2s", P::NotForATime),
        ("read: deferred medium-error", P::NotDeferrable),
        ("write: deferred gone", P::NotDeferrable),
        ("write\u{1b}[2J: gone", P::UnknownCommand(word("write\\u{1b}[2J"))),
    ] {
        let script = format!("# faults\n\n{line}\nwrite: gone\n");
        let error = Script::parse(script.as_bytes()).unwrap_err();
        assert_eq!(error, ScriptError { line: 3, problem }, "{line}");
    }
    let not_text = Script::parse(b"write: gone\n\xff").unwrap_err();
    assert_eq!(not_text, ScriptError { line: 2, problem: P::NotText });
    let long = Script::parse(&[b'\n'; MOST_BYTES + 1]).unwrap_err();
    assert_eq!(long.problem, P::TooLong);
    assert_eq!(Script::parse(b"").unwrap(), Script::default());
}

proptest::proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, line in "[a-z0-9 :/.-]{0,60}") {
        for text in [&bytes, line.as_bytes()] {
            if let Err(error) = Script::parse(text) {
                let _ = (error.to_string(), error.hint());
            }
        }
    }
}
