// The pages that the tests look at: every kind of them, in both languages.

import { VALLEY } from "./valley.mjs";

export const LANGUAGES = ["en", "fr"];
// Station pages by what is peculiar to them; a test holds the demonstration to it.
export const GAUGED = "station/fredericton";
export const UNKNOWN = ["station/jemseg", "station/connors"];
export const ICE_JAMS = "station/woodstock";
export const STATIONS = [GAUGED, ...UNKNOWN, ICE_JAMS];
const LOG = "station/clair/log";
const LISTS = ["", "?sort=river", "?status=advisory", "?q=no-such-place"];
const MISSING = ["no-such-page", "station/no-such-place"];
const SHARED = `${GAUGED}/share`;
const SKETCHES = ["map", "river/saint-john-river"];
const OWN = [`${GAUGED}/forecasts`, `${GAUGED}/mark`, `${GAUGED}?mark=7.2`];
const COMPARED = "compare?stations=fredericton,jemseg,clair";
const PAST = ["report", "", GAUGED, "map"].map((path) => `${path}?at=2020-01-01T00:00Z`);
const OVERVIEWS = ["report", COMPARED, ...PAST];
// The board goes on asking; everything else about it is as with any page.
const BOARDS = ["board", "board?at=2020-01-01T00:00Z"].flatMap((path) => LANGUAGES.map((language) => `/${language}/${path}`));
const WORDS = ["about", "accessibility", "status", "data"];
const PATHS = [...LISTS, ...OVERVIEWS, ...STATIONS, ...OWN, LOG, SHARED, ...SKETCHES, ...WORDS, ...MISSING];
export const PAGES = ["/", "/no-such-page", ...LANGUAGES.flatMap((language) => PATHS.map((path) => `/${language}/${path}`))];
// What is made for other sites, and the page that says how to put it there.
const FRAMED = [GAUGED, ...UNKNOWN, "river/saint-john-river"].flatMap((path) => ["", "?compact", "?theme=dark"].map((asked) => path + asked));
export const EMBEDS = LANGUAGES.flatMap((language) => FRAMED.map((path) => `/embed/${language}/${path}`));
const SNIPPETS = LANGUAGES.map((language) => `/${language}/${GAUGED}/embed`);

/** Every kind of page on the data of the demonstration. */
export const EVERY = [...PAGES, ...BOARDS, ...EMBEDS, ...SNIPPETS];
/** What the demonstration never has. */
export const OF_VALLEY = LANGUAGES.flatMap((language) => VALLEY.map((path) => `/${language}/${path}`));
/** What every resident sees first. */
export const FIRST = LANGUAGES.flatMap((language) => [["list", `/${language}/`], ["station", `/${language}/${GAUGED}`]]);

/** Every kind of page: of a site as residents see it, of one of what the demonstration never has, and of the demonstration. */
export const everywhere = ({ live, valley, address }) => [
  ...EVERY.map((path) => live + path),
  ...OF_VALLEY.map((path) => valley + path),
  ...FIRST.map(([, path]) => address + path),
];
