package test.driver;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import java.util.Map;

@ConfigSection("sections")
record SectionsConfig(@Key(name = "*", doc = "By name.") Map<String, Section> all) {}
