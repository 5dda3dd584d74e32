package dev.rr.processor.root;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** Writes {@code RrAssembly}: the selection as constants. */
final class AssemblyWriter {
  private final Root root;
  private final Map<String, Integer> levels;

  private AssemblyWriter(Root root) {
    this.root = root;
    this.levels = root.graph().levels();
  }

  static TypeSpec write(Root root) {
    return new AssemblyWriter(root).type();
  }

  private TypeSpec type() {
    return TypeSpec.classBuilder(Root.ASSEMBLY)
        .addJavadoc("What was selected, and what could have been.\n")
        .addModifiers(Modifier.FINAL)
        .addSuperinterface(ClassNames.ASSEMBLY)
        .addMethod(build())
        .addMethod(plugins())
        .addMethod(catalogue())
        .addMethod(wire())
        .build();
  }

  private MethodSpec build() {
    return override("build")
        .returns(ClassNames.BUILD_INFO)
        .addStatement(
            "return new $T($S, $S, $S)",
            ClassNames.BUILD_INFO,
            root.version(),
            root.rr(),
            root.lock())
        .build();
  }

  private MethodSpec plugins() {
    return override("plugins")
        .returns(ParameterizedTypeName.get(ClassName.get(List.class), ClassNames.PLUGIN_INFO))
        .addStatement(
            "return $T.of(\n$L)",
            List.class,
            root.graph().order().stream().map(this::info).collect(CodeBlock.joining(",\n")))
        .build();
  }

  private CodeBlock info(SelectedPlugin member) {
    var d = member.descriptor();
    return CodeBlock.of(
        "new $T($S, $S, $L, $L, $L, $L, $L, $L)",
        ClassNames.PLUGIN_INFO,
        d.id(),
        member.version(),
        d.weight(),
        levels.get(d.id()),
        strings(d.enabledBy()),
        d.anySection(),
        list(root.graph().needs(member).stream().map(AssemblyWriter::need).toList()),
        strings(d.offers().stream().map(o -> o.contract()).distinct().sorted().toList()));
  }

  private static CodeBlock need(Graph.Dependency need) {
    return CodeBlock.of(
        "new $T($S, $T.$L, $L)",
        ClassNames.PLUGIN_INFO.nestedClass("Need"),
        need.contract(),
        ClassNames.PLUGIN_INFO.nestedClass("Strength"),
        need.strength().name(),
        strings(need.offeredBy()));
  }

  private MethodSpec catalogue() {
    Set<String> builtIn =
        root.graph().members().stream().map(SelectedPlugin::id).collect(Collectors.toSet());
    CodeBlock entries =
        root.catalogue().stream()
            .sorted(Comparator.comparing(CatalogueEntry::id))
            .map(e -> entry(e, builtIn.contains(e.id())))
            .collect(CodeBlock.joining(",\n"));
    return override("catalogue")
        .returns(ClassNames.CATALOGUE)
        .addStatement("return new $T($T.of(\n$L))", ClassNames.CATALOGUE, List.class, entries)
        .build();
  }

  private static CodeBlock entry(CatalogueEntry entry, boolean builtIn) {
    return CodeBlock.of(
        "new $T($S, $S, $L, $L, $L)",
        ClassNames.CATALOGUE.nestedClass("Entry"),
        entry.id(),
        entry.coordinates(),
        builtIn,
        strings(entry.sections()),
        list(entry.offers().stream().map(AssemblyWriter::offer).toList()));
  }

  private static CodeBlock offer(CatalogueEntry.Offer offer) {
    return CodeBlock.of(
        "new $T($S, $S)",
        ClassNames.CATALOGUE.nestedClass("Offer"),
        offer.contract(),
        offer.name());
  }

  private static MethodSpec wire() {
    return override("wire")
        .addParameter(ClassNames.HOST, "host")
        .addParameter(ClassNames.LIVENESS, "live")
        .returns(ClassNames.WIRING)
        .addStatement("return new $T(host, live)", Root.WIRING)
        .build();
  }

  private static CodeBlock strings(List<String> texts) {
    return list(texts.stream().map(t -> CodeBlock.of("$S", t)).toList());
  }

  private static CodeBlock list(List<CodeBlock> values) {
    return CodeBlock.of("$T.of($L)", List.class, CodeBlock.join(values, ", "));
  }

  private static MethodSpec.Builder override(String name) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC);
  }
}
