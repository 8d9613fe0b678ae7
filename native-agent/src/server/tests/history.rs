//! What is told of a job over time.

use serde_json::{Value, json};

use super::fixture::{DRIVE, Fixture, noise};
use crate::{
    scsi::fault::Script,
    virtual_drive::{DriveOptions, MediumKind},
};

async fn with_faults(script: &str) -> Fixture {
    let faults = Script::parse(script.as_bytes()).unwrap().into();
    let options = DriveOptions { faults, ..DriveOptions::default() };
    Fixture::with_drive(MediumKind::DvdPlusR, options).await
}

/// Burns so many blocks and gives the job once it has ended.
async fn burned(fixture: &Fixture, blocks: usize) -> Value {
    let image = fixture.upload(&noise(blocks * 2048)).await;
    let medium = fixture.get(&format!("/v1/drives/{DRIVE}/media")).await.json();
    let order = json!({
        "kind": "burn", "drive": DRIVE, "image": image, "verify": "full",
        "confirm": { "drive": DRIVE, "medium": medium["fingerprint"] },
    });
    let reply = fixture.post("/v1/jobs", order).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    fixture.ended(reply.json()["id"].as_str().unwrap()).await
}

async fn told(fixture: &Fixture, job: &Value, what: &str) -> Value {
    let reply = fixture.get(&format!("/v1/jobs/{}/{what}", job["id"].as_str().unwrap())).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn of_kind<'a>(log: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    log.as_array().unwrap().iter().filter(move |entry| entry["kind"] == kind)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burn_tells_its_phases_its_speed_and_what_the_drive_refused() {
    let fixture = with_faults("write 2: long-write for 3 commands").await;
    let job = burned(&fixture, 320).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let history = told(&fixture, &job, "history").await;
    let log = &history["log"];
    let phases: Vec<_> = of_kind(log, "phase").map(|entry| entry["phase"].clone()).collect();
    assert_eq!(phases, ["preparing", "writing", "closing", "verifying"]);
    assert_eq!(of_kind(log, "speed").next().unwrap()["kbPerSecond"], 22160);
    let full = of_kind(log, "refused").find(|entry| entry["command"] == "WRITE(10)").unwrap();
    assert_eq!(full["sense"], json!({ "key": 2, "asc": 4, "ascq": 8 }));
    assert!(full["times"].as_u64().unwrap() >= 2, "{full}");
    let samples = history["samples"].as_array().unwrap();
    let last = samples.iter().rfind(|sample| sample["phase"] == "writing").unwrap();
    assert_eq!((&last["doneBlocks"], &last["totalBlocks"]), (&json!(320), &json!(320)));
    let map = told(&fixture, &job, "map").await;
    assert_eq!(map, json!({ "blocks": 320, "cells": "+".repeat(320) }));
    assert_eq!(fixture.get("/v1/jobs/none/history").await.outcome(), (404, "jobUnknown".into()));
    assert_eq!(fixture.get("/v1/jobs/none/map").await.outcome(), (404, "jobUnknown".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_shows_what_cannot_be_read_and_what_took_two_attempts() {
    let fixture = with_faults(
        "read blocks 40-41: medium-error always\nread blocks 100: medium-error times 1",
    )
    .await;
    let job = burned(&fixture, 320).await;
    assert_eq!(job["error"]["code"], "verificationFailed", "{job}");
    let cells = told(&fixture, &job, "map").await["cells"].as_str().unwrap().to_owned();
    let at = |letter: char| -> Vec<usize> {
        cells.char_indices().filter(|(_, each)| *each == letter).map(|(at, _)| at).collect()
    };
    assert_eq!(at('-'), [40, 41]);
    let weak = at('~');
    assert!(weak.contains(&100) && !weak.contains(&200), "{cells}");
    let log = &told(&fixture, &job, "history").await["log"];
    let bad = of_kind(log, "refused").find(|entry| entry["sense"]["key"] == 3).unwrap();
    assert_eq!(bad["command"], "READ(10)");

    let order = json!({ "kind": "read", "drive": DRIVE, "retries": 1 });
    let reply = fixture.post("/v1/jobs", order).await;
    let read = fixture.ended(reply.json()["id"].as_str().unwrap()).await;
    assert_eq!(read["error"]["code"], "readIncomplete", "{read}");
    let map = told(&fixture, &read, "map").await;
    assert_eq!(map["cells"].as_str().unwrap().matches('-').count(), 2, "{map}");
    assert!(!map["cells"].as_str().unwrap().contains(['?', '*']), "{map}");
}
