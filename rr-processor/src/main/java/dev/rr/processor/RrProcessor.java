package dev.rr.processor;

import dev.rr.annotation.Collects;
import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Contract;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.NameTakenException;
import dev.rr.processor.base.Output;
import dev.rr.processor.config.ConfigStep;
import dev.rr.processor.plugin.ContractStep;
import dev.rr.processor.plugin.MemberRule;
import dev.rr.processor.plugin.PluginStep;
import java.lang.annotation.Annotation;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** What javac calls: hands annotated classes to the steps, in the order of names. */
public final class RrProcessor extends AbstractProcessor {
  private static final List<Class<? extends Annotation>> ANNOTATIONS =
      List.of(
          Collects.class,
          ConfigSection.class,
          Contract.class,
          EnabledBy.class,
          Offers.class,
          Plugin.class,
          RpcMethod.class);

  /** javac makes it. */
  public RrProcessor() {}

  private record Steps(
      Diagnostics diagnostics,
      ConfigStep configs,
      PluginStep plugins,
      ContractStep contracts,
      MemberRule members) {}

  private @Nullable Steps steps;

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    Diagnostics diagnostics = Diagnostics.to(environment);
    Output output = new Output(environment.getFiler());
    Lang lang = new Lang(environment);
    steps =
        new Steps(
            diagnostics,
            new ConfigStep(diagnostics, output, lang),
            new PluginStep(diagnostics, output, lang),
            new ContractStep(diagnostics, output, lang),
            new MemberRule(diagnostics));
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return ANNOTATIONS.stream().map(Class::getCanonicalName).collect(Collectors.toSet());
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Steps with = steps;
    if (with != null) {
      types(with, round, Contract.class, with.contracts()::process);
      types(with, round, ConfigSection.class, with.configs()::process);
      types(with, round, Plugin.class, with.plugins()::process);
      Set<Element> members = new LinkedHashSet<>();
      for (Class<? extends Annotation> each :
          List.of(Collects.class, EnabledBy.class, Offers.class, RpcMethod.class)) {
        members.addAll(round.getElementsAnnotatedWith(each));
      }
      members.forEach(member -> guarded(with, member, with.members()::check));
    }
    return false;
  }

  /** javac gives elements in the order of files; names make the order the same everywhere. */
  private static void types(
      Steps with,
      RoundEnvironment round,
      Class<? extends Annotation> annotation,
      Consumer<TypeElement> action) {
    round.getElementsAnnotatedWith(annotation).stream()
        .filter(TypeElement.class::isInstance)
        .map(TypeElement.class::cast)
        .sorted(Comparator.comparing(type -> type.getQualifiedName().toString()))
        .forEach(type -> guarded(with, type, action));
  }

  /** A fault of ours is one diagnostic, never a stack trace in javac's output. */
  private static <E extends Element> void guarded(Steps with, E element, Consumer<E> action) {
    try {
      action.accept(element);
    } catch (NameTakenException taken) {
      with.diagnostics()
          .error(
              "GeneratedName",
              element,
              "the class "
                  + taken.name()
                  + " is generated for "
                  + element.getSimpleName()
                  + ", but there is one of this name already; rename one of them");
    } catch (RuntimeException fault) {
      with.diagnostics().internal(element, fault);
    }
  }
}
