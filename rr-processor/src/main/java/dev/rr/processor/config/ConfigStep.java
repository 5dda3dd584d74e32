package dev.rr.processor.config;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.Output;
import java.util.Optional;
import javax.lang.model.element.TypeElement;

/** Checks a configuration record and writes its binder. */
public final class ConfigStep {
  private final ConfigReader reader;
  private final Output output;
  private final Lang lang;

  /** A step that reports and writes to what it is given. */
  public ConfigStep(Diagnostics diagnostics, Output output, Lang lang) {
    this.reader = new ConfigReader(diagnostics);
    this.output = output;
    this.lang = lang;
  }

  /** Handles a type marked as configuration. */
  public void process(TypeElement type) {
    Optional<ConfigModel> model = reader.read(type);
    if (model.isPresent()) {
      String home = lang.packageOf(type).getQualifiedName().toString();
      output.source(home, BinderGenerator.generate(model.get()));
    }
  }
}
