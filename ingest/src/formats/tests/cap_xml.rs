//! CAP messages: small documents and what is made of them, and the real ones.

use hydro::alert::covers;
use hydro::{Action, Notice, Position};

use super::samples::{read as read_sample, sample};
use super::{shown, shown_bytes};
use crate::formats::{Format, Item, Parsed};

fn read(file: &str) -> String {
    shown(&Format::CapXml, file)
}

#[test]
fn a_message_with_its_texts() {
    insta::assert_snapshot!(read("ordinary.xml"), @r#"
    update alerts@river.example,urn:oid:2.49.0.1.124.1000000002.2026,2026-04-20T14:30:00Z
      refers to alerts@river.example,urn:oid:2.49.0.1.124.1000000000.2026,2026-04-19T18:00:00Z
      refers to alerts@river.example,urn:oid:2.49.0.1.124.1000000001.2026,2026-04-20T09:00:00Z
      en-CA flood warning | Severe | River Forecast Centre | flood warning in effect & water rising
        2026-04-20T22:00:00Z to 2026-04-21T14:30:00Z https://river.example/en/warnings
        "Levels are expected to pass flood stage tonight.\n\n  * Low roads will be under water."
        "Move what you value upstairs."
        Lower valley: rings [5], 0 circles, [("profile:CAP-CP:Location:0.3", "1310032"), ("layer:EC-MSC-SMC:1.0:CLC", "021100")]
        The islands: rings [], 1 circles, []
      fr-CA avertissement de crue | Severe | Centre de prévision des rivières | avertissement de crue en vigueur
        - to 2026-04-21T14:30:00Z 
        ""
        ""
        Basse vallée: rings [], 0 circles, [("layer:EC-MSC-SMC:1.0:CLC", "021100")]
      en-CA flood warning | Minor |  | flood warning ended
        - to - ended 
        ""
        ""
        Upper valley: rings [], 0 circles, []
    "#);
}

#[test]
fn a_message_may_only_end_another() {
    insta::assert_snapshot!(read("cancel.xml"), @"
    cancel alerts@river.example,a2,2026-04-20T15:00:00Z
      refers to alerts@river.example,a1,2026-04-20T14:30:00Z
    ");
}

#[test]
fn what_is_not_for_the_public_of_this_day_says_nothing() {
    for file in ["test.xml", "exercise.xml", "private.xml", "ack.xml"] {
        assert_eq!(read(file), "nothing", "{file}");
    }
}

#[test]
fn faults_are_rejected_with_their_line_and_the_rest_is_kept() {
    insta::assert_snapshot!(read("bad_values.xml"), @r#"
    update alerts@river.example,a,1,2026-04-20T14:30:00Z
      refers to alerts@river.example,a,9,2026-04-20T13:30:00Z
       one |  |  | 
        - to - 
        ""
        ""
        Valley: rings [], 1 circles, []
       three |  |  | once
        - to - 
        ""
        ""
    line 7: the reference `alerts@river.example,a8,yesterday`, expected sender,identifier,sent: `yesterday` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 10: <onset> `soon` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 14: the <polygon> `45.5,-66.9 46.2,-66.9 46.2,-65.9 45.5,-6`, expected four corners or more, the last the first
    line 15: `95,-65.9` is not latitude,longitude in degrees
    line 16: `NaN,-65.9` is not latitude,longitude in degrees
    line 17: the <circle> `45.5,-66.9 -3`, expected latitude,longitude and a radius in kilometres
    line 18: the <circle> `45.5,-66.9`, expected latitude,longitude and a radius in kilometres
    line 20: a <geocode> without valueName or value
    line 25: <expires> 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 30: <headline> stands twice
    "#);
}

#[test]
fn a_message_that_does_not_say_what_it_is_is_rejected() {
    insta::assert_snapshot!(read("no_identifier.xml"), @"line 16: a message without <identifier>");
    insta::assert_snapshot!(read("empty_alert.xml"), @"line 2: a message without <identifier>");
    insta::assert_snapshot!(read("two_statuses.xml"), @"line 6: <status> stands twice");
    insta::assert_snapshot!(read("unknown_type.xml"), @"line 16: <msgType> `Warn`, expected Alert, Update or Cancel");
}

#[test]
fn encodings_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.xml"), @r#"
    alert alerts@river.example,a1,2026-04-20T14:30:00Z
      fr-CA crue |  |  | 
        - to - 
        "L’eau monte.\n\nRestez à l’écart."
        ""
    "#);
    insta::assert_snapshot!(read("latin1.xml"), @r#"
    alert alerts@river.example,a1,2026-04-20T14:30:00Z
      fr-CA crue |  |  | Montréal : état de crue
        - to - 
        ""
        ""
    "#);
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("truncated.xml"), @"not cap-xml: line 35, column 5: the document ends inside <info>, in a tag");
    insta::assert_snapshot!(read("no_namespace.xml"), @"not cap-xml: line 1, column 1: an <alert> that is not of urn:oasis:names:tc:emergency:cap:1.2");
    insta::assert_snapshot!(read("wrong_root.xml"), @"not cap-xml: line 2, column 1: root <error>, expected <alert>");
    insta::assert_snapshot!(read("two_roots.xml"), @"not cap-xml: line 2, column 1: a second root <alert>");
    insta::assert_snapshot!(read("deep.xml"), @"not cap-xml: line 2, column 379: elements more than 64 deep");
}

#[test]
fn a_mock_flood_warning() {
    let Some(bytes) = sample("cap/clemensv_sample-cap.xml") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::CapXml, &bytes), @r#"
    alert mock@example.invalid,mock-20260620-001,2026-06-20T17:00:00Z
      en-US Flood Warning | Severe | Mock Alerting Authority | Mock flood warning for coastal zones
        2026-06-20T18:00:00Z to 2026-06-21T00:00:00Z 
        "Rising water may affect low-lying roads."
        "Move to higher ground if instructed by local officials."
        Mock Coast County: rings [], 0 circles, [("UGC", "CAZ001"), ("SAME", "006001")]
      es-US Flood Warning | Severe |  | Aviso de inundación de prueba
        - to - 
        ""
        ""
        Condado Costa de Prueba: rings [], 0 circles, []
    "#);
}

/// The third and fourth texts say that other regions are in the clear: of the whole they end nothing.
#[test]
fn a_smoke_statement_of_october_2022() {
    let Some(parsed) = read_sample(&Format::CapXml, "cap/eccc_T_WOCN20_C_CWVR_202210101743_2051382770.cap.xml") else {
        return;
    };
    let Parsed { items, rejected } = parsed;
    let [Item::Alert(alert)] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((alert.action, alert.references.len(), rejected), (Action::Update, 21, vec![]));
    assert_eq!(alert.id.identifier, "urn:oid:2.49.0.1.124.2051382770.2022");
    assert_eq!(alert.id.sent.to_string(), "2022-10-10T17:44:34Z");
    assert_eq!(alert.references[20].identifier, "urn:oid:2.49.0.1.124.0595930621.2022");
    assert_eq!(alert.references[20].sent.to_string(), "2022-10-10T12:10:29Z");
    let said: Vec<String> = alert
        .notices
        .iter()
        .map(|notice| {
            let Notice { language, event, severity, headline, description, ended, areas, .. } = notice;
            let corners: Vec<usize> = areas.iter().flat_map(|area| &area.rings).map(Vec::len).collect();
            let codes: Vec<usize> = areas.iter().map(|area| area.codes.len()).collect();
            let letters = description.chars().count();
            format!("{language}, {event}, {severity}, {headline}, {letters}, {ended}, {corners:?}, {codes:?}")
        })
        .collect();
    assert_eq!(
        said,
        [
            "en-CA, air quality, Moderate, special air quality statement in effect, 1080, false, [17, 12], [11, 11]",
            "fr-CA, qualité de l'air, Moderate, bulletin spécial sur la qualité de l'air en vigueur, 1355, false, [17, 12], [11, 11]",
            "en-CA, air quality, Minor, special air quality statement ended, 3, true, [21, 19], [8, 14]",
            "fr-CA, qualité de l'air, Minor, bulletin spécial sur la qualité de l'air annulé, 3, true, [21, 19], [8, 14]",
        ]
    );
    assert_eq!(alert.notices[0].expires.map(|expires| expires.to_string()).as_deref(), Some("2022-10-11T09:43:34Z"));
    let place = |latitude, longitude, codes: &[&str]| -> Vec<bool> {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        let at = Position { latitude, longitude };
        alert.notices.iter().map(|notice| notice.areas.iter().any(|area| covers(area, at, &codes))).collect()
    };
    assert_eq!(place(49.51, -115.77, &[]), [true, true, false, false], "Cranbrook");
    assert_eq!(place(49.36, -121.44, &[]), [false; 4], "Hope");
    assert_eq!(place(49.36, -121.44, &["083400"]), [false, false, true, true], "by the code of Similkameen");
}
