package dev.rr.processor.plugin;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.Output;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.rpc.RpcGenerator;
import java.util.Optional;
import javax.lang.model.element.TypeElement;

/** Checks a plugin and writes its module, its RPC dispatch and its descriptor. */
public final class PluginStep {
  private final PluginReader reader;
  private final Output output;
  private final Lang lang;

  /** A step that reports and writes to what it is given. */
  public PluginStep(Diagnostics diagnostics, Output output, Lang lang) {
    this.reader = new PluginReader(diagnostics, lang);
    this.output = output;
    this.lang = lang;
  }

  /** Handles a class marked as a plugin. */
  public void process(TypeElement type) {
    Optional<PluginModel> read = reader.read(type);
    if (read.isEmpty()) {
      return;
    }
    PluginModel model = read.get();
    String home = lang.packageOf(type).getQualifiedName().toString();
    output.source(home, ModuleGenerator.generate(model));
    model.rpc().ifPresent(rpc -> output.source(home, RpcGenerator.generate(rpc, lang)));
    output.resource(
        Descriptors.path(model.id()), Descriptors.toJson(DescriptorWriter.of(model, lang)), type);
  }
}
