//! New Brunswick's stations and thresholds: small documents and what is made of them.

use super::shown;
use crate::formats::Format;

fn read(file: &str) -> String {
    shown(&Format::NbAlertlevels, file)
}

#[test]
fn thresholds_positions_and_facts() {
    insta::assert_snapshot!(read("ordinary.xml"), @"
    Haut Meandre: Haut-Méandre (Clear R.), level advisory 19, watch 20, warning 20.5, flood 21, record 23
      at 46.1 -67.5; Measured=YES, Forecast=NO, WSC_URL_EN=NONE, WSC_URL_FR=NONE
    Belle_Rive: Belle-Rive, level advisory 4.5, watch 5.5, warning 6, flood 6.5, record 8.6
      at 45.96619 -66.65161; Measured=YES, Forecast=NO, WSC_URL_EN=NONE, WSC_URL_FR=NONE
    ");
}

#[test]
fn the_form_of_2017_has_fewer_elements() {
    insta::assert_snapshot!(read("old_form.xml"), @"
    12: Belle-Rive, level advisory 4.5, watch 5.5, warning 6, flood 6.5
      nowhere
    ");
}

#[test]
fn a_table_without_stations_is_sound() {
    insta::assert_snapshot!(read("empty_area.xml"), @"nothing");
}

#[test]
fn a_truncated_table_is_refused_where_it_ends() {
    insta::assert_snapshot!(read("truncated.xml"), @"not nb-alertlevels: line 28, column 16: the document ends inside <Measured>, in a tag");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.xml"), @"not nb-alertlevels: line 2, column 1: root <alerts>, expected <area>");
    insta::assert_snapshot!(read("two_roots.xml"), @"not nb-alertlevels: line 19, column 1: a second root <area>");
    insta::assert_snapshot!(read("dtd.xml"), @"not nb-alertlevels: line 2, column 1: a DTD");
    insta::assert_snapshot!(read("unknown_entity.xml"), @"not nb-alertlevels: line 4, column 9: the unknown reference &levels;");
    insta::assert_snapshot!(read("deep.xml"), @"not nb-alertlevels: line 3, column 190: elements more than 64 deep");
}

#[test]
fn duplicate_stations_are_kept_duplicate_thresholds_are_not() {
    insta::assert_snapshot!(read("duplicates.xml"), @"
    7: Mill, level advisory 1
      nowhere
    7: Mill, level advisory 2
      nowhere
    line 17: <advisory> stands twice in one station
    ");
}

#[test]
fn what_is_not_there_is_left_out() {
    insta::assert_snapshot!(read("sentinels.xml"), @"
    7: Mill, level record 4.25
      nowhere
    ");
}

#[test]
fn numbers_are_kept_as_published() {
    insta::assert_snapshot!(read("inverted.xml"), @"
    Upper_Ferry: Upper Ferry, level advisory 168.7, watch 169.7, warning 170.2, flood 170.7, record 164.7
      at 46.1 -67.5; Measured=YES, Forecast=NO, WSC_URL_EN=NONE, WSC_URL_FR=NONE
    ");
}

#[test]
fn encodings_and_entities_are_resolved() {
    insta::assert_snapshot!(read("bom_crlf.xml"), @"
    Haut Meandre: Haut-Méandre (Clear R.), level advisory 19, watch 20, warning 20.5, flood 21, record 23
      at 46.1 -67.5; Measured=YES, Forecast=NO, WSC_URL_EN=NONE, WSC_URL_FR=NONE
    ");
    insta::assert_snapshot!(read("latin1.xml"), @"
    Haut Meandre: Haut-Méandre (Clear R.), level advisory 19, watch 20, warning 20.5, flood 21, record 23
      at 46.1 -67.5; Measured=YES, Forecast=NO, WSC_URL_EN=NONE, WSC_URL_FR=NONE
    ");
    insta::assert_snapshot!(read("entities.xml"), @"
    7: Saint-François & Clair, level advisory 1
      nowhere
    ");
}

#[test]
fn a_station_with_an_unreadable_number_is_rejected_whole() {
    insta::assert_snapshot!(read("bad_rows.xml"), @"
    9: Dam, level advisory 1, watch 2, warning 3, flood 4, record 5
      at 46.1 -67.5; Measured=YES, Forecast=NO, WSC_URL_EN=NONE, WSC_URL_FR=NONE
    line 7: <watch> `high` is not a decimal number
    line 26: <latitude> `96` is not degrees
    line 33: a station with <stationID> ``, expected 1 to 100 characters
    ");
}
