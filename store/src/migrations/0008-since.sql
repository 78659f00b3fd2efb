-- Observations valid before this were left as they were by the attempt: who remembers them need not read them again. NULL: it
-- left all of them. What was remembered ends with the program, so that nobody asks of the attempts of before.
ALTER TABLE fetch ADD COLUMN since INTEGER;
