package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.select.Resolver;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RememberingResolverTest {
  private static final Coordinates OWN = new Coordinates("com.example", "own", "1");
  private static final Coordinates OTHER = new Coordinates("dev.rr", "rr-template", "1");

  private final Counting counting = new Counting();
  private final RememberingResolver resolver = new RememberingResolver(counting, Set.of());

  private static final class Counting implements Resolver {
    private int asked;

    @Override
    public Path catalogue() {
      asked++;
      return Path.of("catalogue.jar");
    }

    @Override
    public Optional<String> version(String group, String artifact) {
      asked++;
      return Optional.empty();
    }

    @Override
    public List<Input> runtime(Collection<Coordinates> plugins) {
      asked++;
      return List.of(new Input(OWN, Path.of("classes")), new Input(OTHER, Path.of("template.jar")));
    }

    @Override
    public List<Path> processors() {
      asked++;
      return List.of();
    }
  }

  @Test
  void asksEachThingOnce() throws Exception {
    for (int i = 0; i < 2; i++) {
      resolver.catalogue();
      resolver.version("g", "a");
      resolver.runtime(List.of(OTHER));
      resolver.processors();
    }
    assertThat(counting.asked).isEqualTo(4);
    resolver.runtime(List.of(OTHER, OWN));
    assertThat(counting.asked).isEqualTo(5);
  }

  @Test
  void theModulesOwnClassesAreThoseOfNow() throws Exception {
    Input now = new Input(OWN, Path.of("classes-2"));
    resolver.runtime(List.of(OTHER));
    resolver.own(now);
    assertThat(resolver.runtime(List.of(OTHER)))
        .containsExactly(now, new Input(OTHER, Path.of("template.jar")));
  }

  @Test
  void aModuleThatIsCompiledWithTheOwnOneIsNoInput() throws Exception {
    RememberingResolver merging = new RememberingResolver(counting, Set.of(OTHER));
    assertThat(merging.runtime(List.of(OTHER))).containsExactly(new Input(OWN, Path.of("classes")));
  }
}
