package dev.rr.processor.plugin;

import dev.rr.annotation.EnabledBy;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;

/** The sections that enable a plugin are dotted key paths, each named once. */
final class EnabledByRule implements PluginRule {
  private static final Pattern PATH = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

  private final Diagnostics diagnostics;

  EnabledByRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  @Override
  public void check(TypeElement type, AnnotationMirror plugin) {
    AnnotationMirror enabledBy = Annotations.find(type, EnabledBy.class);
    if (enabledBy == null) {
      return;
    }
    List<String> paths = Annotations.texts(enabledBy, "value");
    if (paths.isEmpty()) {
      error(type, enabledBy, "names no section; name one, or leave @EnabledBy out");
    }
    Set<String> seen = new HashSet<>();
    for (String path : paths) {
      if (!PATH.matcher(path).matches()) {
        error(
            type,
            enabledBy,
            "names \""
                + path
                + "\", which is no dotted key path in lower case;"
                + " write for example \""
                + suggestion(path)
                + "\"");
      } else if (!seen.add(path)) {
        error(type, enabledBy, "names \"" + path + "\" twice; name it once");
      }
    }
  }

  private static String suggestion(String path) {
    String fixed =
        path.strip()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9_.-]+", "_")
            .replaceAll("\\.{2,}", ".")
            .replaceAll("^\\.|\\.$", "");
    return PATH.matcher(fixed).matches() ? fixed : "http.headers";
  }

  private void error(TypeElement type, AnnotationMirror enabledBy, String fault) {
    diagnostics.error(
        "EnabledBy", type, enabledBy, "value", type.getSimpleName() + "'s @EnabledBy " + fault);
  }
}
