package dev.rr.plugin.protoreg;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.util.List;

/** The {@code protoreg} section. */
@ConfigSection("protoreg")
record ProtoregConfig(
    @Key(required = true, doc = "Folders where files and their imports are looked for.")
        List<String> protoPath,
    @Key(
            required = true,
            doc = "Proto files, as imports name them: relative to one of the folders.")
        List<String> files) {}
