package dev.rr.processor.plugin;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Output;
import dev.rr.processor.base.Spelling;
import dev.rr.processor.config.ConfigModel;
import dev.rr.processor.plugin.PluginModel.Argument;
import dev.rr.processor.plugin.PluginModel.Collect;
import dev.rr.processor.plugin.PluginModel.Config;
import dev.rr.processor.plugin.PluginModel.ContractParameter;
import dev.rr.processor.plugin.PluginModel.Offer;
import dev.rr.processor.plugin.PluginModel.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Writes a plugin's Dagger module, the only public class of plugins that may be package-private.
 * Every offer is a map entry, keyed by the plugin's id, and {@code id#method} for what a method
 * gives.
 */
final class ModuleGenerator {

  private final PluginModel model;
  private final ClassName plugin;
  private final Set<String> taken = new HashSet<>();

  private ModuleGenerator(PluginModel model) {
    this.model = model;
    this.plugin = ClassName.get(model.type());
  }

  /** The module's source. */
  static TypeSpec generate(PluginModel model) {
    return new ModuleGenerator(model).type();
  }

  private TypeSpec type() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(model.module())
            .addJavadoc("The door to the plugin {@code $L}.", model.id())
            .addAnnotation(Output.GENERATED)
            .addAnnotation(ClassNames.MODULE)
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addOriginatingElement(model.type())
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
            .addMethod(plugin())
            .addMethod(entry("asPlugin", ClassName.OBJECT, "", CodeBlock.of("plugin")));
    taken.add("asPlugin");
    model.offers().forEach(offer -> type.addMethod(offer(offer)));
    model
        .rpc()
        .ifPresent(rpc ->
            type.addMethod(
                entry(
                    free("offerRpc"),
                    ClassNames.RPC_SERVICE,
                    "rpc",
                    CodeBlock.of("new $T(plugin)", rpc.dispatch()))));
    model.collects().forEach(collect -> type.addMethod(collect(collect)));
    return type.addMethod(schemas()).build();
  }

  private MethodSpec plugin() {
    NameAllocator names = new NameAllocator();
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("plugin")
            .addAnnotation(ClassNames.PROVIDES)
            .addAnnotation(ClassNames.SINGLETON)
            .addModifiers(Modifier.STATIC)
            .returns(plugin);
    model.needs().forEach(n -> method.addParameter(type(n), names.newName(n.name(), n)));
    Optional<ContractParameter> configurer =
        model.needs().stream()
            .filter(n -> !n.optional() && ClassName.get(n.contract()).equals(ClassNames.CONFIGURER))
            .findFirst();
    String configuration = "configurer";
    if (configurer.isPresent()) {
      configuration = names.get(configurer.get());
    } else if (!model.configs().stream().allMatch(ConfigModel::isDrivers)) {
      configuration = names.newName("configurer");
      method.addParameter(ClassNames.CONFIGURER, configuration);
    }
    List<CodeBlock> arguments = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      arguments.add(
          parameter instanceof Config config
              ? config(config.model(), configuration)
              : CodeBlock.of("$N", names.get(parameter)));
    }
    return method
        .addStatement("return new $T($L)", plugin, CodeBlock.join(arguments, ", "))
        .build();
  }

  private static CodeBlock config(ConfigModel config, String configuration) {
    ClassName binder = ConfigModel.binder(config.type());
    return config.isDrivers()
        ? CodeBlock.of("$T.INSTANCE", binder)
        : CodeBlock.of("$N.bindLeniently($T.INSTANCE)", configuration, binder);
  }

  private static TypeName type(ContractParameter need) {
    ClassName contract = ClassName.get(need.contract());
    return need.optional()
        ? ParameterizedTypeName.get(ClassName.get(Optional.class), contract)
        : contract;
  }

  private MethodSpec offer(Offer offer) {
    ClassName contract = ClassName.get(offer.contract());
    if (offer.method().isEmpty()) {
      String name = free("as" + String.join("", contract.simpleNames()));
      return entry(name, contract, "", CodeBlock.of("plugin"));
    }
    String name = free("offer" + Spelling.capital(offer.method()));
    return entry(name, contract, offer.method(), CodeBlock.of("plugin.$N()", offer.method()));
  }

  /** Dagger allows each name once. */
  private String free(String name) {
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + i;
    }
    return free;
  }

  private MethodSpec entry(String name, TypeName type, String method, CodeBlock value) {
    String key = method.isEmpty() ? model.id() : model.id() + "#" + method;
    return MethodSpec.methodBuilder(name)
        .addAnnotation(ClassNames.PROVIDES)
        .addAnnotation(ClassNames.INTO_MAP)
        .addAnnotation(
            AnnotationSpec.builder(ClassNames.STRING_KEY).addMember("value", "$S", key).build())
        .addModifiers(Modifier.STATIC)
        .returns(type)
        .addParameter(plugin, "plugin")
        .addStatement("return $L", value)
        .build();
  }

  private MethodSpec collect(Collect collect) {
    NameAllocator names = new NameAllocator();
    String first = names.newName("plugin");
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(collect.method())
            .addJavadoc("Hands over what another plugin offers.")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .addParameter(Object.class, first);
    List<CodeBlock> arguments = new ArrayList<>();
    for (Argument argument : collect.parameters()) {
      String name = names.newName(argument.name());
      method.addParameter(ClassName.get(argument.type()), name);
      arguments.add(CodeBlock.of("$N", name));
    }
    return method
        .addStatement(
            "(($T) $N).$N($L)", plugin, first, collect.method(), CodeBlock.join(arguments, ", "))
        .build();
  }

  private MethodSpec schemas() {
    CodeBlock all =
        model.configs().stream()
            .map(c -> CodeBlock.of("$T.INSTANCE.schema()", ConfigModel.binder(c.type())))
            .collect(CodeBlock.joining(", "));
    return MethodSpec.methodBuilder("schemas")
        .addJavadoc("The sections the plugin reads.")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .returns(ParameterizedTypeName.get(ClassName.get(List.class), ClassNames.SCHEMA))
        .addStatement("return $T.of($L)", List.class, all)
        .build();
  }
}
