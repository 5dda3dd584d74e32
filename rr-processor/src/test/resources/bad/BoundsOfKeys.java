package test.bad;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.time.Duration;

@ConfigSection("bounds")
record BoundsOfKeys(
    @Key(required = true, min = 10, max = 1) int turned,
// 33: [rr/KeyBounds] component turned allows nothing: min is 10 and max is 1; min must not be above max
    @Key(min = 1) Duration pause,
// 16: [rr/KeyBoundsType] component pause has `min` but is no int or long; check its value in the record's compact constructor
    @Key(max = 5) String text,
// 16: [rr/KeyBoundsType] component text has `max` but is no int or long; check its value in the record's compact constructor
    @Key(required = true, min = 3_000_000_000L) int tooLarge) {}
// 33: [rr/KeyBounds] component tooLarge is an int, which holds no number of at least 3000000000; write long
