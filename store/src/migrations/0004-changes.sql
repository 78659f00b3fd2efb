-- What a fetch changed, so that only that needs to be read anew.

-- The places whose data changed, a line each; '*': all of the feed's; NULL: none, or long ago.
ALTER TABLE fetch ADD COLUMN changed TEXT;
-- 1: thresholds or alerts came, which concern stations of other feeds too.
ALTER TABLE fetch ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
