-- What a reply says of itself besides its data.

-- Seconds by which the server's clock (the header Date) was ahead of ours.
ALTER TABLE fetch ADD COLUMN clock_ahead INTEGER;
-- Points taken of the document.
ALTER TABLE fetch ADD COLUMN points INTEGER;
-- 1: the last document brought less than half of what the ones before it did.
ALTER TABLE feed ADD COLUMN short INTEGER NOT NULL DEFAULT 0;
