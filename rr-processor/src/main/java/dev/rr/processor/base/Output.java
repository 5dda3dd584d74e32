package dev.rr.processor.base;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.Element;
import javax.tools.StandardLocation;

/** Writes generated files. What is written depends on the sources alone. */
public final class Output {
  /** The annotation of every generated class. */
  public static final AnnotationSpec GENERATED =
      AnnotationSpec.builder(ClassNames.GENERATED)
          .addMember("value", "$S", "dev.rr.processor.RrProcessor")
          .build();

  private final Filer filer;

  /** Writes through javac. */
  public Output(Filer filer) {
    this.filer = filer;
  }

  /**
   * Writes a class.
   *
   * @throws NameTakenException when a source, or another generated one, has its name
   */
  public void source(String packageName, TypeSpec type) {
    try {
      JavaFile.builder(packageName, type).skipJavaLangImports(true).build().writeTo(filer);
    } catch (FilerException e) {
      throw new NameTakenException(packageName + "." + type.name(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file of the jar. */
  public void resource(String path, String content, Element origin) {
    try (Writer out =
        filer.createResource(StandardLocation.CLASS_OUTPUT, "", path, origin).openWriter()) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
