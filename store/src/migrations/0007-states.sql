-- What was remembered of the feed once an attempt was over, so that pages of a past time can say how the feeds were then.
-- All NULL where nothing was: a saved document that was read later than a newer one.
ALTER TABLE fetch ADD COLUMN failures INTEGER;
ALTER TABLE fetch ADD COLUMN succeeded_at INTEGER;
ALTER TABLE fetch ADD COLUMN changed_at INTEGER;
ALTER TABLE fetch ADD COLUMN short INTEGER;
ALTER TABLE fetch ADD COLUMN next_issue_at INTEGER;

-- Of the attempts that are in the log already, what the log says. Whether their documents were short it does not say.
WITH
    judged AS (
        SELECT id, feed, at, outcome, outcome = 'failed' OR (outcome = 'empty' AND before = 'empty') AS failed
        FROM (SELECT id, feed, at, outcome, coalesce(lag(outcome) OVER (PARTITION BY feed ORDER BY id), '') AS before FROM fetch)
    ),
    counted AS (
        SELECT id, feed, at, outcome, failed, sum(failed) OVER (PARTITION BY feed ORDER BY id) AS faults FROM judged
    ),
    known AS (
        SELECT id,
            faults - coalesce(max(CASE WHEN NOT failed THEN faults END) OVER earlier, 0) AS failures,
            max(CASE WHEN NOT failed THEN at END) OVER earlier AS succeeded_at,
            max(CASE WHEN outcome = 'changed' THEN at END) OVER earlier AS changed_at
        FROM counted WINDOW earlier AS (PARTITION BY feed ORDER BY id)
    )
UPDATE fetch SET failures = known.failures, succeeded_at = known.succeeded_at, changed_at = known.changed_at, short = 0
FROM known WHERE known.id = fetch.id;

-- Of the last one, what is remembered.
UPDATE fetch SET failures = feed.failures, succeeded_at = feed.succeeded_at, changed_at = feed.changed_at,
    short = feed.short, next_issue_at = feed.next_issue_at
FROM feed WHERE feed.id = fetch.feed AND feed.attempted_at = fetch.at;
