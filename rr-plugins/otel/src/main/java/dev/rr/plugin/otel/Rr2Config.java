package dev.rr.plugin.otel;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.util.Optional;

/** Where configurations of RoadRunner 2 have the section. */
@ConfigSection("http")
record Rr2Config(
    @Key(doc = "Old place of the otel section; read when there is no other.")
        Optional<OtelConfig> otel) {}
