package dev.rr.kernel;

import dev.rr.api.cli.CliCommand;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.kernel.PluginInfo.Need;
import dev.rr.kernel.PluginInfo.Strength;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An assembly written by hand, wired as the generated ones are: plugins in the order they are
 * added, offers picked by weight. What happens to them is noted in {@link #seen}.
 */
public final class FakeAssembly implements Assembly {
  /** Something a plugin does. */
  public interface Action {
    void run(Host host) throws Exception;
  }

  /** How a plugin stops. */
  public interface StopAction {
    void stop(Deadline deadline) throws Exception;
  }

  /** Everything that happened, in order: {@code init http}, {@code start http}, … Any thread. */
  public final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  public final FakeConfigurer configurer = new FakeConfigurer();
  private final Map<String, FakePlugin> plugins = new LinkedHashMap<>();

  /** A plugin under construction. */
  public final class FakePlugin implements Lifecycle {
    private final String id;
    private int weight = 1;
    private int level;
    private List<String> enabledBy = List.of();
    private boolean any;
    private final List<String[]> needs = new ArrayList<>();
    private final List<String> offers = new ArrayList<>();
    private Action construct = h -> {};
    private Action init = h -> {};
    private Action collect = h -> {};
    private Action check = h -> {};
    private List<Problem> problems = List.of();
    private List<Problem> warnings = List.of();
    private Action start = h -> {};
    private StopAction stop = d -> {};
    private @Nullable CliCommand command;
    private String commandName = "";
    private @Nullable Host host;

    private FakePlugin(String id) {
      this.id = id;
    }

    public FakePlugin weight(int value) {
      weight = value;
      return this;
    }

    public FakePlugin level(int value) {
      level = value;
      return this;
    }

    public FakePlugin enabledBy(String... sections) {
      enabledBy = List.of(sections);
      return this;
    }

    public FakePlugin enabledByAny(String... sections) {
      any = true;
      return enabledBy(sections);
    }

    public FakePlugin needs(String contract) {
      needs.add(new String[] {contract, Strength.HARD.name()});
      return this;
    }

    public FakePlugin collects(String contract) {
      needs.add(new String[] {contract, Strength.COLLECTED.name()});
      return this;
    }

    public FakePlugin offers(String contract) {
      offers.add(contract);
      return this;
    }

    public FakePlugin onConstruct(Action action) {
      construct = action;
      return this;
    }

    public FakePlugin onInit(Action action) {
      init = action;
      return this;
    }

    public FakePlugin onCollect(Action action) {
      collect = action;
      return this;
    }

    /** Has values that are wrong, and is made with their fallbacks. */
    public FakePlugin wrong(Problem... found) {
      return onConstruct(h -> configurer.wrong.addAll(List.of(found)));
    }

    /** Brings a sub-command. */
    public FakePlugin command(String name, CliCommand brought) {
      commandName = name;
      command = brought;
      return offers(CliCommand.class.getName());
    }

    public FakePlugin onCheck(Action action, Problem... found) {
      check = action;
      problems = List.of(found);
      return this;
    }

    public FakePlugin warns(Problem... found) {
      warnings = List.of(found);
      return this;
    }

    public FakePlugin onStart(Action action) {
      start = action;
      return this;
    }

    public FakePlugin onStop(StopAction action) {
      stop = action;
      return this;
    }

    private Host host() {
      Host known = host;
      if (known == null) {
        throw new IllegalStateException(id + " is not wired");
      }
      return known;
    }

    @Override
    public void init() throws Exception {
      seen.add("init " + id);
      init.run(host());
    }

    @Override
    public void check(Problems into) throws Exception {
      seen.add("check " + id);
      problems.forEach(into::add);
      warnings.forEach(into::warn);
      check.run(host());
    }

    @Override
    public void start() throws Exception {
      seen.add("start " + id);
      start.run(host());
    }

    @Override
    public void stop(Deadline deadline) throws Exception {
      seen.add("stop " + id);
      stop.stop(deadline);
      seen.add("stopped " + id);
    }

    private PluginInfo info() {
      List<Need> all = new ArrayList<>();
      for (String[] need : needs) {
        all.add(new Need(need[0], Strength.valueOf(need[1]), offering(need[0])));
      }
      return new PluginInfo(id, "1.0.0", weight, level, enabledBy, any, all, offers);
    }
  }

  /** Adds a plugin. */
  public FakePlugin plugin(String id) {
    FakePlugin plugin = new FakePlugin(id);
    plugins.put(id, plugin);
    return plugin;
  }

  /** Adds a plugin that offers the configuration. */
  public FakePlugin config() {
    return plugin("config").offers(Configurer.class.getName()).weight(1000);
  }

  /** Adds a plugin that offers logging; what is logged is noted. */
  public FakePlugin logger() {
    return plugin("logger")
        .offers(Loggers.class.getName())
        .needs(Configurer.class.getName())
        .weight(900)
        .level(1);
  }

  /** A section that is there. */
  public void section(String path) {
    configurer.with(path);
  }

  /** A key in the file that nothing reads. */
  public void unknownKey(String path) {
    configurer.unknown.add(path);
  }

  private List<String> offering(String contract) {
    return plugins.values().stream()
        .filter(p -> p.offers.contains(contract))
        .sorted((a, b) -> b.weight - a.weight)
        .map(p -> p.id)
        .toList();
  }

  @Override
  public BuildInfo build() {
    return new BuildInfo("v1.2.3", "0.1.0", "0123456789ab");
  }

  @Override
  public List<PluginInfo> plugins() {
    return plugins.values().stream().map(FakePlugin::info).toList();
  }

  @Override
  public Catalogue catalogue() {
    return new Catalogue(
        plugins.values().stream()
            .filter(p -> p.command != null)
            .map(p ->
                new Catalogue.Entry(
                    p.id,
                    "a:" + p.id + ":1",
                    true,
                    List.of(),
                    List.of(Catalogue.Offer.of(CliCommand.class, p.commandName))))
            .toList());
  }

  @Override
  public Wiring wire(Host host, Liveness live) {
    return new FakeWiring(host, live);
  }

  private final class FakeWiring implements Wiring {
    private final Host host;
    private final Liveness live;

    FakeWiring(Host host, Liveness live) {
      this.host = host;
      this.live = live;
    }

    @Override
    public Object plugin(String id) {
      FakePlugin plugin = plugins.get(id);
      if (plugin == null) {
        throw new NoSuchElementException(id);
      }
      if (plugin.host == null) {
        plugin.host = host;
        StringBuilder with = new StringBuilder("new " + id);
        plugin.needs.stream()
            .filter(n -> n[1].equals(Strength.HARD.name()))
            .forEach(n -> with.append(' ').append(first(n[0])));
        seen.add(with.toString());
        construct(plugin);
      }
      return plugin;
    }

    private void construct(FakePlugin plugin) {
      try {
        plugin.construct.run(host);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private String first(String contract) {
      return offering(contract).stream().filter(live::isLive).findFirst().orElse("-");
    }

    @Override
    public void collect(String id) {
      FakePlugin plugin = plugins.get(id);
      if (plugin == null) {
        throw new NoSuchElementException(id);
      }
      plugin.needs.stream()
          .filter(n -> n[1].equals(Strength.COLLECTED.name()))
          .flatMap(n -> offering(n[0]).stream().filter(live::isLive))
          .forEach(o -> seen.add("collect " + id + " " + o));
      try {
        plugin.collect.run(host);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Optional<Configurer> configurer() {
      return offering(Configurer.class.getName()).stream().anyMatch(live::isLive)
          ? Optional.of(configurer)
          : Optional.empty();
    }

    @Override
    public Optional<Loggers> loggers() {
      return offering(Loggers.class.getName()).stream().anyMatch(live::isLive)
          ? Optional.of(NotingLog::new)
          : Optional.empty();
    }

    @Override
    public Optional<CliCommand> command(String name) {
      return plugins.values().stream()
          .filter(p -> p.commandName.equals(name) && live.isLive(p.id))
          .findFirst()
          .map(p -> p.command);
    }

    @Override
    public List<Schema> schemas() {
      return List.of();
    }
  }

  private final class NotingLog implements Log {
    private final String name;

    NotingLog(String name) {
      this.name = name;
    }

    @Override
    public boolean enabled(Level level) {
      return true;
    }

    @Override
    public void log(
        Level level, String message, @Nullable Throwable error, @Nullable Object... attributes) {
      seen.add(level + " " + name + " " + message);
    }
  }
}
