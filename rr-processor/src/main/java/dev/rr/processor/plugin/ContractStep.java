package dev.rr.processor.plugin;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.Output;
import dev.rr.processor.descriptor.ContractShape;
import dev.rr.processor.descriptor.Descriptors;
import javax.lang.model.element.TypeElement;

/** Checks a contract and writes down its shape, against which plugins are held at a build. */
public final class ContractStep {
  private final Diagnostics diagnostics;
  private final ContractRule rule;
  private final Output output;
  private final Lang lang;

  /** A step that reports and writes to what it is given. */
  public ContractStep(Diagnostics diagnostics, Output output, Lang lang) {
    this.diagnostics = diagnostics;
    this.rule = new ContractRule(diagnostics);
    this.output = output;
    this.lang = lang;
  }

  /** Handles a type marked as a contract. */
  public void process(TypeElement type) {
    int before = diagnostics.errors();
    rule.check(type);
    if (diagnostics.errors() == before) {
      ContractShape shape = shape(type, lang);
      output.resource(ContractShape.path(shape.name()), Descriptors.toJson(shape), type);
    }
  }

  static ContractShape shape(TypeElement type, Lang lang) {
    return new ContractShape(type.getQualifiedName().toString(), lang.members(type));
  }
}
