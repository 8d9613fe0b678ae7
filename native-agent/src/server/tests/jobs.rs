//! Jobs on a virtual drive, from the upload to the disc and back.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fixture::{DRIVE, Fixture, noise};
use crate::{
    identity::hex,
    scsi::fault::Script,
    virtual_drive::{DriveOptions, MediumKind},
};

/// More than the buffer of the drive holds: 1385 kB/s at 1x take over four seconds for all of it.
const SLOW_BLOCKS: usize = 3072;

fn is_writing(job: &Value) -> bool {
    job["phase"] == "writing" && job["progress"]["doneBlocks"].as_u64() > Some(0)
}

async fn fingerprint(fixture: &Fixture) -> String {
    let medium = fixture.get(&format!("/v1/drives/{DRIVE}/media")).await;
    assert_eq!(medium.status, 200, "{medium:?}");
    medium.json()["fingerprint"].as_str().unwrap().to_owned()
}

async fn burn_order(fixture: &Fixture, image: &str) -> Value {
    json!({
        "kind": "burn", "drive": DRIVE, "image": image, "verify": "full",
        "confirm": { "drive": DRIVE, "medium": fingerprint(fixture).await },
    })
}

async fn submit(fixture: &Fixture, order: Value) -> String {
    let reply = fixture.post("/v1/jobs", order).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(reply.header("location"), format!("/v1/jobs/{id}"));
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_becomes_a_disc_and_comes_back() {
    let fixture = Fixture::new().await;
    let bytes = noise(100 * 2048);
    let sha256 = hex(&Sha256::digest(&bytes));
    let image = fixture.upload(&bytes).await;
    let drives = fixture.get("/v1/drives").await.json();
    assert_eq!(drives["drives"][0]["id"], DRIVE);
    let drive = fixture.get(&format!("/v1/drives/{DRIVE}")).await.json();
    assert_eq!((&drive["state"], &drive["virtual"]), (&json!("ready"), &json!(true)));
    assert_eq!(drive["medium"]["status"], "blank");

    let order = burn_order(&fixture, &image).await;
    let id = submit(&fixture, order.clone()).await;
    let job = fixture.ended(&id).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    assert_eq!(job["phase"], "done");
    let result = json!({ "sha256": sha256, "verified": true, "discState": "complete" });
    assert_eq!(job["result"], result);
    assert_eq!((&job["error"], job["finished"].is_string()), (&Value::Null, true));

    let drive = fixture.get(&format!("/v1/drives/{DRIVE}")).await.json();
    assert_eq!(drive["medium"]["status"], "complete");
    assert_eq!(drive["leasedBy"], Value::Null);
    let stale = fixture.post("/v1/jobs", order).await;
    assert_eq!(stale.outcome(), (409, "mediumChanged".into()), "the disc is not blank any more");
    let again = burn_order(&fixture, &image).await;
    let full = fixture.post("/v1/jobs", again).await;
    assert_eq!(full.outcome(), (409, "mediumNotWritable".into()));

    let id = submit(&fixture, json!({ "kind": "read", "drive": DRIVE })).await;
    let job = fixture.ended(&id).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let copy = job["result"]["image"].as_str().unwrap();
    let content = fixture.get(&format!("/v1/images/{copy}/content")).await.body;
    assert!(content[..bytes.len()] == bytes, "what was burned was read");
    assert!(content[bytes.len()..].iter().all(|&byte| byte == 0), "then the padding of the drive");

    let id = submit(&fixture, json!({ "kind": "verify", "drive": DRIVE, "image": image })).await;
    let job = fixture.ended(&id).await;
    assert_eq!(job["result"], json!({ "sha256": sha256, "verified": true }), "{job}");
    let other = fixture.upload(&noise(50 * 2048)[10..]).await;
    let id = submit(&fixture, json!({ "kind": "verify", "drive": DRIVE, "image": other })).await;
    let job = fixture.ended(&id).await;
    assert_eq!(
        (&job["state"], &job["error"]["code"]),
        (&json!("failed"), &json!("verificationFailed"))
    );
    assert_eq!(fixture.get("/v1/jobs").await.json()["jobs"].as_array().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_session_is_compared_where_it_begins() {
    let fixture = Fixture::new().await;
    let noise = noise(150 * 2048);
    let (first, second) = noise.split_at(80 * 2048);
    let (first, second) = (fixture.upload(first).await, fixture.upload(second).await);
    for image in [&first, &second] {
        let mut order = burn_order(&fixture, image).await;
        order["close"] = json!(false);
        let id = submit(&fixture, order).await;
        let job = fixture.ended(&id).await;
        assert_eq!(job["state"], "succeeded", "{job}");
    }
    let drive = fixture.get(&format!("/v1/drives/{DRIVE}")).await.json();
    let start = &drive["details"]["medium"]["lastSession"]["first"];
    assert!(start.as_u64() > Some(80), "{drive}");
    let verify = json!({ "kind": "verify", "drive": DRIVE, "image": second });
    let mut there = verify.clone();
    there["start"] = start.clone();
    for (order, state) in [(there, "succeeded"), (verify, "failed")] {
        let id = submit(&fixture, order).await;
        let job = fixture.ended(&id).await;
        assert_eq!(job["state"], state, "{job}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_without_consent_to_this_very_disc() {
    let fixture = Fixture::new().await;
    let image = fixture.upload(&noise(4096)).await;
    let good = burn_order(&fixture, &image).await;
    let refused = |change: fn(&mut Value)| {
        let (fixture, mut order) = (&fixture, good.clone());
        change(&mut order);
        async move { fixture.post("/v1/jobs", order).await.outcome() }
    };
    let none = refused(|order| drop(order.as_object_mut().unwrap().remove("confirm"))).await;
    assert_eq!(none, (422, "badBody".into()));
    let drive = refused(|order| order["confirm"]["drive"] = json!("sr0")).await;
    assert_eq!(drive, (409, "confirmMismatch".into()));
    let medium = refused(|order| order["confirm"]["medium"] = json!("another")).await;
    assert_eq!(medium, (409, "mediumChanged".into()));
    let speed = refused(|order| order["speed"] = json!(-1)).await;
    assert_eq!(speed, (400, "badBody".into()));
    let kind = refused(|order| order["kind"] = json!("cdb")).await;
    assert_eq!(kind, (422, "badBody".into()));
    let unknown = refused(|order| order["image"] = json!("../../etc/passwd")).await;
    assert_eq!(unknown, (404, "imageUnknown".into()));
    let nowhere = refused(|order| {
        order["drive"] = json!("/dev/sda");
        order["confirm"]["drive"] = json!("/dev/sda");
    });
    assert_eq!(nowhere.await, (404, "driveNotFound".into()));

    let path = fixture.create(4096).await;
    let partial = path.rsplit_once('/').unwrap().1;
    let order = burn_order(&fixture, partial).await;
    let reply = fixture.post("/v1/jobs", order).await;
    assert_eq!(reply.outcome(), (409, "imageIncomplete".into()));
    let large = fixture.upload(&noise(3201 * 2048)).await;
    let order = burn_order(&fixture, &large).await;
    assert_eq!(fixture.post("/v1/jobs", order).await.outcome(), (409, "imageTooLarge".into()));
    let drive = fixture.get(&format!("/v1/drives/{DRIVE}")).await.json();
    assert_eq!(drive["medium"]["status"], "blank");
    assert_eq!(fixture.get("/v1/jobs").await.json()["jobs"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_burns_cannot_have_one_drive() {
    let fixture = Fixture::with_disc(MediumKind::DvdPlusR, Some(1.0)).await;
    let image = fixture.upload(&noise(SLOW_BLOCKS * 2048)).await;
    let order = burn_order(&fixture, &image).await;
    let first = submit(&fixture, order.clone()).await;
    fixture.until(&first, is_writing).await;
    let second = fixture.post("/v1/jobs", order).await;
    assert_eq!(second.outcome(), (409, "driveTaken".into()));
    let drive = fixture.get(&format!("/v1/drives/{DRIVE}")).await.json();
    assert_eq!(
        (&drive["state"], &drive["leasedBy"]),
        (&json!("busy"), &json!(format!("job {first}")))
    );
    let eject = fixture.post(&format!("/v1/drives/{DRIVE}/eject"), json!({})).await;
    assert_eq!(eject.outcome(), (409, "driveTaken".into()));
    let path = format!("/v1/images/{image}");
    let used = fixture.ask(Method::DELETE, &path, &[], Body::empty()).await;
    assert_eq!(used.outcome(), (409, "imageInUse".into()));

    let verify = json!({ "kind": "verify", "drive": DRIVE, "image": image });
    let waiting = submit(&fixture, verify).await;
    assert_eq!(fixture.get(&format!("/v1/jobs/{waiting}")).await.json()["state"], "queued");
    assert_eq!(fixture.ended(&first).await["state"], "succeeded");
    let waited = fixture.ended(&waiting).await;
    assert_eq!(
        (&waited["state"], &waited["result"]["verified"]),
        (&json!("succeeded"), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burn_is_given_up_and_tells_what_it_cost() {
    let fixture = Fixture::with_disc(MediumKind::DvdPlusR, Some(1.0)).await;
    let image = fixture.upload(&noise(SLOW_BLOCKS * 2048)).await;
    let order = burn_order(&fixture, &image).await;
    let id = submit(&fixture, order).await;
    fixture.until(&id, is_writing).await;
    let path = format!("/v1/jobs/{id}");
    let reply = fixture.ask(Method::DELETE, &path, &[], Body::empty()).await;
    assert_eq!(reply.status, 202);
    let job = fixture.ended(&id).await;
    assert_eq!(job["state"], "cancelled", "{job}");
    assert_eq!(job["error"]["code"], "cancelled");
    let detail = job["error"]["detail"].as_str().unwrap();
    assert!(detail.contains("spoiled"), "{detail}");
    let unknown = fixture.ask(Method::DELETE, "/v1/jobs/nothing", &[], Body::empty()).await;
    assert_eq!(unknown.outcome(), (404, "jobUnknown".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leased_drive_is_its_holders() {
    let fixture = Fixture::new().await;
    let image = fixture.upload(&noise(4096)).await;
    let order = burn_order(&fixture, &image).await;
    let path = format!("/v1/drives/{DRIVE}/lease");
    let lease = fixture.post(&path, json!({ "previous": null })).await;
    assert_eq!(lease.status, 200, "{lease:?}");
    let lease = lease.json()["lease"].as_str().unwrap().to_owned();
    let taken = fixture.post(&path, json!({ "previous": null })).await;
    assert_eq!(taken.outcome(), (409, "driveTaken".into()));
    let renewed = fixture.post(&path, json!({ "previous": lease })).await;
    let lease = renewed.json()["lease"].as_str().unwrap().to_owned();

    let without = fixture.post("/v1/jobs", order.clone()).await;
    assert_eq!(without.outcome(), (409, "driveTaken".into()));
    let headers = [("content-type", "application/json"), ("lease", lease.as_str())];
    let with = fixture.ask(Method::POST, "/v1/jobs", &headers, order.to_string()).await;
    assert_eq!(with.status, 202, "{with:?}");
    let job = fixture.ended(with.json()["id"].as_str().unwrap()).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let over = fixture.ask(Method::DELETE, &path, &[("lease", &lease)], Body::empty()).await;
    assert_eq!(over.outcome(), (409, "leaseLost".into()), "the job took it over");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_drive_says_so() {
    let fixture = Fixture::new().await;
    let image = fixture.upload(&noise(4096)).await;
    let order = burn_order(&fixture, &image).await;
    let eject = fixture.post(&format!("/v1/drives/{DRIVE}/eject"), json!({})).await;
    assert_eq!(eject.status, 204, "{eject:?}");
    let media = fixture.get(&format!("/v1/drives/{DRIVE}/media")).await;
    assert_eq!(media.outcome(), (404, "noMedium".into()));
    assert_eq!(fixture.post("/v1/jobs", order.clone()).await.outcome(), (404, "noMedium".into()));
    let load = fixture.post(&format!("/v1/drives/{DRIVE}/load"), json!({})).await;
    assert_eq!(load.status, 204, "{load:?}");
    assert_eq!(fixture.post("/v1/jobs", order).await.status, 202);
}

/// An ISO 9660 image of one file, whose first block is told.
fn one_file() -> (Vec<u8>, usize) {
    use image_core::{Attributes, Lba, Options, SourceId, Tree};
    let mut tree = Tree::new();
    tree.add_file("docs/letter.txt", SourceId(0), 300_000, Attributes::default()).unwrap();
    let plan = image_core::plan(tree, &Options::default()).unwrap();
    let node = plan.tree().find("docs/letter.txt").unwrap();
    let mut bytes = vec![0; plan.size_bytes() as usize];
    let read = plan.read_at(Lba(0), &mut bytes, |_, _, out| {
        out.fill(9);
        Ok::<(), crate::source::SourceError>(())
    });
    read.unwrap();
    (bytes, plan.extent(node).unwrap().0.0 as usize)
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_told_with_the_files_it_hits() {
    let (bytes, file) = one_file();
    let bad = u32::try_from(file).unwrap() + 3;
    let script = format!("read blocks {bad}-{}: medium-error always", bad + 1);
    let faults = Script::parse(script.as_bytes()).unwrap().into();
    let options = DriveOptions { faults, ..DriveOptions::default() };
    let fixture = Fixture::with_drive(MediumKind::DvdPlusR, options).await;
    let image = fixture.upload(&bytes).await;
    let order = burn_order(&fixture, &image).await;
    let id = submit(&fixture, order).await;
    let job = fixture.ended(&id).await;
    assert_eq!(
        (&job["state"], &job["error"]["code"]),
        (&json!("failed"), &json!("verificationFailed"))
    );
    let damage = json!({
        "blocks": 2, "unreadable": [{ "first": bad, "blocks": 2 }], "different": [],
        "files": [{ "path": "docs/letter.txt", "blocks": 2 }], "fileCount": 1,
    });
    assert_eq!((&job["result"]["damage"], &job["result"]["verified"]), (&damage, &json!(false)));

    let id = submit(&fixture, json!({ "kind": "read", "drive": DRIVE, "retries": 1 })).await;
    let job = fixture.ended(&id).await;
    assert_eq!(
        (&job["state"], &job["error"]["code"]),
        (&json!("failed"), &json!("readIncomplete"))
    );
    assert_eq!(job["result"]["damage"], damage);
    assert_eq!(job["progress"]["badBlocks"], 2);
    let copy = job["result"]["image"].as_str().unwrap();
    let content = fixture.get(&format!("/v1/images/{copy}/content")).await.body;
    let mut wanted = bytes;
    wanted[bad as usize * 2048..(bad as usize + 2) * 2048].fill(0);
    assert!(content == wanted, "all else was read");
    let none = json!({ "kind": "read", "drive": DRIVE, "session": 0 });
    assert_eq!(fixture.post("/v1/jobs", none).await.outcome(), (400, "badBody".into()));
    let second = submit(&fixture, json!({ "kind": "read", "drive": DRIVE, "session": 2 })).await;
    assert_eq!(fixture.ended(&second).await["error"]["code"], "noSession");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_goes_away_fails_its_job_and_stays_away() {
    let faults = Script::parse(b"write 3: gone").unwrap().into();
    let options = DriveOptions { faults, ..DriveOptions::default() };
    let fixture = Fixture::with_drive(MediumKind::DvdPlusR, options).await;
    let image = fixture.upload(&noise(100 * 2048)).await;
    let order = burn_order(&fixture, &image).await;
    let id = submit(&fixture, order).await;
    let error = &fixture.ended(&id).await["error"];
    assert_eq!(error["code"], "driveGone");
    assert!(error["detail"].as_str().unwrap().contains("probably spoiled"), "{error}");
    let drive = fixture.get(&format!("/v1/drives/{DRIVE}")).await.json();
    assert_eq!((&drive["state"], &drive["medium"]), (&json!("unavailable"), &Value::Null));
    assert_eq!(drive["problem"]["code"], "driveFailed");
}

/// A disc that is hardly readable may not be read so far a second time.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_until_the_drive_went_away_is_kept() {
    let faults = Script::parse(b"read blocks 64-95: gone").unwrap().into();
    let options = DriveOptions { faults, ..DriveOptions::default() };
    let fixture = Fixture::with_drive(MediumKind::DvdPlusR, options).await;
    let bytes = noise(100 * 2048);
    let image = fixture.upload(&bytes).await;
    let mut order = burn_order(&fixture, &image).await;
    order["verify"] = json!("none");
    let id = submit(&fixture, order).await;
    assert_eq!(fixture.ended(&id).await["state"], "succeeded");

    let id = submit(&fixture, json!({ "kind": "read", "drive": DRIVE })).await;
    let job = fixture.ended(&id).await;
    assert_eq!((&job["state"], &job["error"]["code"]), (&json!("failed"), &json!("driveGone")));
    let missing = u32::try_from(job["progress"]["totalBlocks"].as_u64().unwrap()).unwrap() - 64;
    let damage = &job["result"]["damage"];
    let unreadable = json!([{ "first": 64, "blocks": missing }]);
    assert_eq!((&damage["blocks"], &damage["unreadable"]), (&json!(missing), &unreadable));
    let copy = job["result"]["image"].as_str().unwrap();
    let content = fixture.get(&format!("/v1/images/{copy}/content")).await.body;
    assert_eq!(content.len(), (64 + missing as usize) * 2048);
    assert!(content[..64 * 2048] == bytes[..64 * 2048]);
    assert!(content[64 * 2048..].iter().all(|byte| *byte == 0));
    assert_eq!(job["result"]["sha256"], hex(&Sha256::digest(&content)));
}

/// Each drive has its own worker: neither waits for the other.
#[tokio::test(flavor = "multi_thread")]
async fn several_drives_burn_at_once() {
    let fixture = Fixture::with_drives(&["one", "two"], Some(1.0)).await;
    let image = fixture.upload(&noise(SLOW_BLOCKS * 2048)).await;
    let mut jobs = Vec::new();
    for drive in ["virtual-one", "virtual-two"] {
        let medium = fixture.get(&format!("/v1/drives/{drive}/media")).await.json();
        let order = json!({
            "kind": "burn", "drive": drive, "image": image,
            "confirm": { "drive": drive, "medium": medium["fingerprint"] },
        });
        jobs.push(submit(&fixture, order).await);
    }
    fixture.until(&jobs[1], is_writing).await;
    let first = fixture.get(&format!("/v1/jobs/{}", jobs[0])).await.json();
    assert_eq!(first["state"], "running", "{first}");
    for job in &jobs {
        assert_eq!(fixture.ended(job).await["state"], "succeeded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disc_is_erased_formatted_burned_and_closed() {
    let fixture = Fixture::with_disc(MediumKind::DvdRw, None).await;
    let image = fixture.upload(&noise(64 * 2048)).await;
    let confirm = |medium: String| json!({ "drive": DRIVE, "medium": medium });
    let mut steps = vec![
        (json!({ "kind": "format", "drive": DRIVE, "format": "quick" }), "appendable"),
        (json!({ "kind": "close", "drive": DRIVE }), "complete"),
        (json!({ "kind": "erase", "drive": DRIVE, "full": true }), "blank"),
        (json!({ "kind": "burn", "drive": DRIVE, "image": image, "close": false }), "appendable"),
        (json!({ "kind": "close", "drive": DRIVE }), "complete"),
    ];
    for (order, state) in &mut steps {
        order["confirm"] = confirm(fingerprint(&fixture).await);
        let id = submit(&fixture, order.clone()).await;
        let job = fixture.ended(&id).await;
        assert_eq!(job["state"], "succeeded", "{job}");
        assert_eq!((&job["kind"], &job["result"]["discState"]), (&order["kind"], &json!(state)));
    }
    // It is closed: what remains is refused with its reason, and the disc stays as it is.
    for (order, code) in [
        (json!({ "kind": "close", "drive": DRIVE }), "nothingToClose"),
        (json!({ "kind": "format", "drive": DRIVE, "spare": "none" }), "mediumNotFormattable"),
        (
            json!({ "kind": "format", "drive": DRIVE, "spare": { "bytes": 1 << 28 } }),
            "mediumNotFormattable",
        ),
    ] {
        let mut order = order;
        order["confirm"] = confirm(fingerprint(&fixture).await);
        let id = submit(&fixture, order).await;
        let job = fixture.ended(&id).await;
        assert_eq!((&job["state"], &job["error"]["code"]), (&json!("failed"), &json!(code)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_without_consent_to_this_very_disc() {
    let fixture = Fixture::with_disc(MediumKind::DvdRw, None).await;
    for kind in ["erase", "format", "close"] {
        let order = json!({ "kind": kind, "drive": DRIVE });
        assert_eq!(
            fixture.post("/v1/jobs", order.clone()).await.outcome(),
            (422, "badBody".into())
        );
        let mut other = order.clone();
        other["confirm"] = json!({ "drive": DRIVE, "medium": "another" });
        let changed = fixture.post("/v1/jobs", other).await;
        assert_eq!(changed.outcome(), (409, "mediumChanged".into()), "{kind}");
        let mut elsewhere = order;
        elsewhere["confirm"] = json!({ "drive": "sr0", "medium": fingerprint(&fixture).await });
        let mismatch = fixture.post("/v1/jobs", elsewhere).await;
        assert_eq!(mismatch.outcome(), (409, "confirmMismatch".into()), "{kind}");
    }
    let path = format!("/v1/drives/{DRIVE}/lease");
    assert_eq!(fixture.post(&path, json!({ "previous": null })).await.status, 200);
    let confirm = json!({ "drive": DRIVE, "medium": fingerprint(&fixture).await });
    let order = json!({ "kind": "erase", "drive": DRIVE, "confirm": confirm });
    assert_eq!(fixture.post("/v1/jobs", order).await.outcome(), (409, "driveTaken".into()));
}
