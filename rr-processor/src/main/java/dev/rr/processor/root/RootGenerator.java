package dev.rr.processor.root;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import java.util.Map;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/** Writes the source of the root component and of the constants around it. */
public final class RootGenerator {
  private RootGenerator() {}

  /** The sources by their path below a source folder, sorted. The same root gives the same text. */
  public static Map<String, String> generate(Root root) {
    Identifiers names = Identifiers.of(root.graph());
    Map<String, String> sources = new TreeMap<>();
    add(sources, ComponentWriter.write(root, names));
    add(sources, SelectionWriter.write(root, names));
    add(sources, WiringWriter.write(root, names));
    add(sources, AssemblyWriter.write(root));
    add(sources, main());
    return sources;
  }

  private static TypeSpec main() {
    MethodSpec main =
        MethodSpec.methodBuilder("main")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .addParameter(String[].class, "args")
            .addStatement(
                "$T.exit($T.run(new $T(), args))", System.class, ClassNames.CLI, Root.ASSEMBLY)
            .build();
    return TypeSpec.classBuilder(Root.MAIN)
        .addJavadoc("Where this binary begins.\n")
        .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
        .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
        .addMethod(main)
        .build();
  }

  private static void add(Map<String, String> sources, TypeSpec type) {
    JavaFile file =
        JavaFile.builder(Root.PACKAGE, type).indent("  ").skipJavaLangImports(true).build();
    sources.put(Root.PACKAGE.replace('.', '/') + "/" + type.name() + ".java", file.toString());
  }
}
