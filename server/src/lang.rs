//! Every word a reader sees, one file a language, embedded in the binary.
//!
//! A language is added by a file in `assets/texts/` and its line in [`FILES`]; the sections below are its keys, so a
//! file with a key too few or too many is refused by the tests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

const FILES: [&str; 2] = [include_str!("../../assets/texts/en.toml"), include_str!("../../assets/texts/fr.toml")];

static LANGUAGES: LazyLock<Vec<Texts>> = LazyLock::new(|| {
    FILES.iter().map(|file| toml::from_str(file).expect("the embedded texts are complete: a test reads them")).collect()
});

/// A language: its texts, which live as long as the program.
pub type Language = &'static Texts;

/// Every language, the first being the one for readers who chose none.
pub fn languages() -> impl Iterator<Item = Language> {
    LANGUAGES.iter()
}

/// The language of a code in an address, such as `fr`.
pub fn language(code: &str) -> Option<Language> {
    languages().find(|texts| texts.code == code)
}

/// Puts values into a text's braces.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((open, close)) = braces(rest) {
        text.push_str(&rest[..open]);
        let name = &rest[open + 1..close];
        text.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    text
}

/// Where the first braces of a text are. Byte by byte, for a page fills dozens of short texts.
fn braces(text: &str) -> Option<(usize, usize)> {
    let open = text.bytes().position(|byte| byte == b'{')?;
    let close = text[open..].bytes().position(|byte| byte == b'}')?;
    Some((open, open + close))
}

macro_rules! sections {
    ($($name:ident { $($key:ident)* })*) => {
        $(#[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name { $(pub(crate) $key: String,)* })*
    };
}

/// The texts of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The code in addresses, such as `fr`.
    pub code: String,
    /// The code in documents, such as `fr-CA`.
    pub locale: String,
    /// The language's own name.
    pub name: String,
    pub(crate) decimal_mark: String,
    /// Between the thousands of a discharge.
    pub(crate) group_mark: String,
    /// Digits that an hour has at least: 2 writes 07, 1 writes 7.
    pub(crate) hour_digits: String,
    pub(crate) clock: String,
    /// At the full hour.
    pub(crate) clock_whole: String,
    pub(crate) site_description: String,
    /// English abbreviations of time zones to this language's own; those not listed are the same.
    pub(crate) zones: BTreeMap<String, String>,
    pub(crate) calendar: Calendar,
    /// Words for statuses and thresholds by their name in data.
    pub(crate) status: BTreeMap<String, String>,
    pub(crate) threshold: BTreeMap<String, String>,
    pub(crate) threshold_brief: BTreeMap<String, String>,
    pub(crate) threshold_discharge: BTreeMap<String, String>,
    pub(crate) quality: BTreeMap<String, String>,
    pub(crate) doubt: BTreeMap<String, String>,
    pub(crate) quantity: QuantityTexts,
    pub(crate) trend: TrendTexts,
    pub(crate) sentence: SentenceTexts,
    pub(crate) past_floods: PastFloodsTexts,
    pub(crate) row: RowTexts,
    pub(crate) page: PageTexts,
    pub(crate) list: ListTexts,
    pub(crate) station: StationTexts,
    pub(crate) forecasts: ForecastsTexts,
    pub(crate) mark: MarkTexts,
    pub(crate) offline: OfflineTexts,
    pub(crate) own: OwnTexts,
    pub(crate) alert: AlertTexts,
    pub(crate) text: TextTexts,
    pub(crate) picture: PictureTexts,
    pub(crate) share: ShareTexts,
    pub(crate) map: MapTexts,
    pub(crate) accessibility: AccessibilityTexts,
    pub(crate) log: LogTexts,
    pub(crate) about: AboutTexts,
    pub(crate) feeds: FeedsTexts,
    pub(crate) embed: EmbedTexts,
    pub(crate) board: BoardTexts,
    pub(crate) compare: CompareTexts,
    pub(crate) report: ReportTexts,
    pub(crate) past: PastTexts,
    pub(crate) data: DataTexts,
    pub(crate) notes: NotesTexts,
    pub(crate) atom: AtomTexts,
    pub(crate) open: OpenTexts,
    pub(crate) error: ErrorTexts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calendar {
    pub(crate) weekdays: [String; 7],
    pub(crate) weekdays_short: [String; 7],
    pub(crate) months: [String; 12],
    pub(crate) first_of_month: String,
    pub(crate) today: String,
    pub(crate) yesterday: String,
    pub(crate) tomorrow: String,
    pub(crate) date: String,
    pub(crate) date_year: String,
    pub(crate) at: String,
    pub(crate) about: String,
    pub(crate) minutes_ago: String,
    pub(crate) hours_ago: String,
    pub(crate) days_ago: String,
    pub(crate) just_now: String,
}

sections! {
    QuantityTexts {
        level discharge
    }
    TrendTexts {
        rising falling rising_discharge falling_discharge steady rising_word falling_word
    }
    SentenceTexts {
        lead current current_no_trend no_thresholds no_thresholds_no_trend carries no_thresholds_discharge no_thresholds_discharge_no_trend unknown stale offline never forecast_only suspended closed below above at above_since at_since above_at_least_since at_least_since since since_or_earlier suspect disagree flat late ice estimated peak peak_plain still_rising still_rising_plain falling steady not_reaching forecast_old forecast_none forecast_none_ice forecast_not_made band_peak band_when band_percent band_extremes band_members band_unnamed band_reaches
    }
    PastFloodsTexts {
        below above same flood_of flood this_flood record_of record this_record peak still_rising both alone
    }
    RowTexts {
        above below at with_trend rising_to no_thresholds no_measurement_since last_measured never forecast_only silent_forecast forecast_only_peak forecast_only_up_to suspended closed
    }
    PageTexts {
        colon skip all_stations language demonstration demonstration_short demonstration_more not_official provisional this_site neighbours about feeds old updated now help help_note
    }
    ListTexts {
        title find search counts summary_none summary_one summary_many summary_unknown_one summary_unknown_many no_match show_all none_configured sort sort_status sort_river sort_name
    }
    StationTexts {
        gauge chart_title chart_title_discharge chart_desc_range chart_threshold chart_none measured forecast forecast_issued forecast_received doubtful outlook crossing peak falls_to highest issued issue_inferred next_issue forecaster less_certain ladder ladder_discharge ladder_desc now_rung peak_rung record_rung record_rung_year flood_rung table table_caption table_caption_discharge column_time column_level column_discharge no_value download csv json txt svg details measured_by forecast_from measured_at quality datum datum_unknown thresholds_source thresholds_source_date licence episodes episodes_link agency_page position tidal upstream downstream metres_above_sea discharge discharge_stale discharge_offline discharge_ahead
    }
    TextTexts {
        measured status thresholds forecast page
    }
    ForecastsTexts {
        title intro link none issued received old falling crossing between between_days by or_not upper_end window_note raised lowered earlier later both only_height only_time same previous
    }
    MarkTexts {
        title intro find label show wrong kept_title kept rung below above at reaches reached_by_upper_end stays_below change name forget
    }
    OfflineTexts {
        saved not_kept kept_pages none_kept
    }
    OwnTexts {
        near near_failed far add list
    }
    AlertTexts {
        title from area sent begins expires open last_read text more expired mark stations line
    }
    PictureTexts {
        as_of no_current last_measured
    }
    ShareTexts {
        link title as_of code picture sms email kept
    }
    MapTexts {
        link title sketch ground credit rivers strip north south east west
    }
    AccessibilityTexts {
        title aim done_title done_words done_colour done_script done_keyboard done_size done_print tested_title tested_axe tested_widths tested_markup tested_not limits_title limit_map limit_png limit_feeds contact_title contact contact_none other_forms
    }
    LogTexts {
        title intro intro_tidal none unknown began ended peak or_earlier open not_confirmed
    }
    AboutTexts {
        title what_title what status_title status_text unknown_text freshness_text limits_title limits sources_title forecast_title forecast_text accessibility_title accessibility privacy_title privacy data_title data operator_title
    }
    FeedsTexts {
        title intro last_success last_change newest failures never log next_issue ok failing waiting unknown deferred stalled old short clock_behind clock_ahead disk changed unchanged empty failed differences difference threshold_changed no_height no_differences
    }
    EmbedTexts {
        link title intro preview preview_small frame frame_text small river river_text fitting fitting_text picture picture_text options theme fit width plain oembed no_address frame_title picture_title measured old drawn forecast_issued forecast_received kept kept_row kept_picture
    }
    BoardTexts {
        title description river all_rivers region all_regions threshold all_thresholds show sound flash no_script choose choose_text own compare as_of station status level trend next peak issued measured span none above ahead rising silent calm unmeasured last left soon falls_to still_rising live lost worse
    }
    CompareTexts {
        title description intro choose lane chart chart_of_more board
    }
    ReportTexts {
        title description as_of print csv other show above above_none ahead ahead_none changes changes_text silent silent_none unmeasured station status level trend since or_earlier highest reaches reaches_at peak issued last hours was peak_was no_value
    }
    PastTexts {
        label banner now
    }
    DataTexts {
        title link intro all one observations forecasts episodes thresholds news description time_title time meaning_title meaning examples_title terms_title terms
    }
    NotesTexts {
        title intro episode choose text seen token send latest none no_episodes lasts over of was_seen was_seen_and_said was_said others kept log refused method form body no_token too_often no_text no_episode
    }
    AtomTexts {
        title title_all reached reached_text left left_text ahead ahead_text peak peak_text
    }
    OpenTexts {
        unknown no_query twice no_instant no_cursor no_parameter not_here no_source
    }
    ErrorTexts {
        not_found not_found_text no_station method method_text bad_request not_yet_text format format_text internal internal_text busy busy_text no_data no_data_text
    }
}

impl Texts {
    /// The word for a status or threshold name of any scheme; the name itself where there is none.
    pub(crate) fn status_word<'a>(&'a self, name: &'a str) -> &'a str {
        self.status.get(name).map_or(name, String::as_str)
    }

    /// How a threshold is called inside a sentence.
    pub(crate) fn threshold_phrase<'a>(&'a self, name: &'a str) -> &'a str {
        self.threshold.get(name).map_or(name, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use hydro::{Quality, Rank, Scheme};

    use super::*;

    /// Every text by its path, as the file has it.
    fn flat(file: &str) -> BTreeMap<String, String> {
        fn walk(path: &str, value: &toml::Value, into: &mut BTreeMap<String, String>) {
            match value {
                toml::Value::Table(table) => {
                    table.iter().for_each(|(key, value)| walk(&format!("{path}.{key}"), value, into));
                }
                toml::Value::Array(list) => {
                    list.iter().enumerate().for_each(|(i, value)| walk(&format!("{path}.{i}"), value, into));
                }
                other => drop(into.insert(path.to_owned(), other.as_str().expect("texts are strings").to_owned())),
            }
        }
        let mut texts = BTreeMap::new();
        walk("", &toml::Value::Table(file.parse().expect("a TOML file")), &mut texts);
        texts
    }

    fn braces(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> = text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_says_everything_with_the_same_braces() {
        let (english, others) = (flat(FILES[0]), &FILES[1..]);
        for file in others {
            let texts = flat(file);
            for (path, text) in english.iter().filter(|(path, _)| !path.starts_with(".zones")) {
                let translated = texts.get(path).unwrap_or_else(|| panic!("{path} is missing"));
                assert_eq!(braces(text), braces(translated), "{path}");
                // Thousands are set apart by a space.
                assert!(path == ".group_mark" || !translated.trim().is_empty(), "{path} is empty");
            }
        }
        assert_eq!(languages().count(), FILES.len());
    }

    #[test]
    fn every_status_threshold_and_remark_has_a_word() {
        for texts in languages() {
            for scheme in Scheme::ALL {
                for rank in Rank::ALL {
                    assert!(texts.status.contains_key(scheme.word(rank)), "{} {}", texts.code, scheme.word(rank));
                }
                assert!(scheme.thresholds().iter().all(|name| texts.threshold.contains_key(*name)));
                assert!(scheme.thresholds().iter().all(|name| texts.threshold_brief.contains_key(*name)));
                assert!(scheme.thresholds().iter().all(|name| texts.threshold_discharge.contains_key(*name)));
            }
            assert!(texts.status.contains_key("unknown"));
            let doubts = ["agency", "out-of-bounds", "too-fast", "unit-jump", "datum-jump"];
            assert!(doubts.iter().all(|doubt| texts.doubt.contains_key(*doubt)));
            assert!(Quality::ALL.iter().all(|quality| texts.quality.contains_key(quality.name())));
        }
    }

    #[test]
    fn apostrophes_are_set_and_not_typed() {
        for (path, text) in FILES.iter().flat_map(|file| flat(file)) {
            assert!(!text.contains('\''), "{path}: `{text}`");
        }
    }

    #[test]
    fn french_is_set_with_its_own_spaces() {
        for (path, text) in flat(FILES[1]) {
            // A space that does not break before a colon and inside guillemets, none before the other marks.
            for mark in [" :", " ;", " ?", " !", "\u{a0};", "\u{a0}?", "\u{a0}!", "« ", " »"] {
                assert!(!text.contains(mark), "{path}: `{text}` has a wrong space at `{mark}`");
            }
        }
    }

    #[test]
    fn filling_leaves_no_brace() {
        assert_eq!(fill("{a} and {b}", &[("a", "1"), ("b", "2")]), "1 and 2");
        assert_eq!(fill("plain", &[]), "plain");
    }
}
