package dev.rr.processor.plugin;

import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Spelling;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;

/** An id is lower case with underscores, and no other plugin of the compilation has it. */
final class IdRule implements PluginRule {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]*");

  private final Diagnostics diagnostics;
  private final Map<String, String> owners = new TreeMap<>();

  IdRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  @Override
  public void check(TypeElement type, AnnotationMirror plugin) {
    String id = Annotations.text(plugin, "value", "");
    if (!ID.matcher(id).matches()) {
      diagnostics.error(
          "PluginName",
          type,
          plugin,
          "value",
          type.getSimpleName()
              + " has the id \""
              + id
              + "\"; an id is lower-case letters, digits and underscores and starts with a letter:"
              + " write \""
              + suggestion(id, type)
              + "\"");
      return;
    }
    String other = owners.putIfAbsent(id, type.getQualifiedName().toString());
    if (other != null) {
      diagnostics.error(
          "PluginNameTwice",
          type,
          plugin,
          "value",
          type.getSimpleName()
              + " has the id \""
              + id
              + "\", which "
              + other
              + " has as well; give one of them another id");
    }
  }

  private static String suggestion(String id, TypeElement type) {
    String from = id.isBlank() ? type.getSimpleName().toString().replaceAll("Plugin$", "") : id;
    String fixed =
        Spelling.snake(from.strip())
            .replaceAll("[^a-z0-9]+", "_")
            .replaceAll("^[^a-z]+", "")
            .replaceAll("_+$", "");
    return fixed.isEmpty() ? "my_plugin" : fixed;
  }
}
