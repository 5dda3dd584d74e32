package dev.rr.build;

import com.google.gson.JsonObject;
import dev.rr.build.select.KnownPlugins;
import dev.rr.build.select.Resolver;
import dev.rr.processor.descriptor.ContractShape;
import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.CatalogueEntry;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Small plugins, described by hand. */
public final class Samples {
  public static final String CONFIGURER = "dev.rr.api.config.Configurer";
  public static final String LOGGERS = "dev.rr.api.log.Loggers";
  public static final String SERVER = "dev.rr.api.worker.Server";
  public static final String MIDDLEWARE = "dev.rr.api.http.Middleware";

  private Samples() {}

  /** A plugin under construction. */
  public static final class Sample {
    private final String id;
    private int weight = 1;
    private final List<Descriptor.DeclaredNeed> needs = new ArrayList<>();
    private final List<Descriptor.Offer> offers = new ArrayList<>();
    private final List<Descriptor.Collect> collects = new ArrayList<>();
    private final List<Descriptor.Section> sections = new ArrayList<>();
    private final List<ContractShape> contracts = new ArrayList<>();

    private Sample(String id) {
      this.id = id;
    }

    public Sample weight(int value) {
      weight = value;
      return this;
    }

    public Sample needs(String... contracts) {
      Stream.of(contracts).forEach(c -> needs.add(new Descriptor.DeclaredNeed(c, false)));
      return this;
    }

    public Sample mayUse(String contract) {
      needs.add(new Descriptor.DeclaredNeed(contract, true));
      return this;
    }

    public Sample offers(String... contracts) {
      Stream.of(contracts).forEach(c -> offers.add(new Descriptor.Offer(c, "", id)));
      return this;
    }

    public Sample offersBy(String method, String contract) {
      offers.add(new Descriptor.Offer(contract, method, id));
      return this;
    }

    public Sample collects(String method, String... parameters) {
      collects.add(new Descriptor.Collect(method, List.of(parameters)));
      return this;
    }

    public Sample section(String key) {
      sections.add(new Descriptor.Section(key, "", "sample." + id + ".Binder", new JsonObject()));
      return this;
    }

    /** Compiled against a contract with these members. */
    public Sample knows(String contract, String... members) {
      contracts.add(new ContractShape(contract, List.of(members)));
      return this;
    }

    public Descriptor descriptor() {
      String name = Character.toUpperCase(id.charAt(0)) + id.substring(1);
      return new Descriptor(
          Descriptor.FORMAT,
          id,
          "sample." + id + "." + name + "Plugin",
          "sample." + id + "." + name + "PluginModule",
          weight,
          List.of(),
          false,
          needs,
          offers,
          collects,
          sections,
          List.of(),
          List.copyOf(contracts));
    }

    public SelectedPlugin member() {
      return new SelectedPlugin(descriptor(), coordinates().toString());
    }

    public Coordinates coordinates() {
      return new Coordinates("dev.rr", "rr-plugin-" + id.replace('_', '-'), "1.0");
    }

    public CatalogueEntry entry() {
      return CatalogueEntry.of(member(), "");
    }
  }

  public static Sample plugin(String id) {
    return new Sample(id);
  }

  public static Sample config() {
    return plugin("config").weight(1000).offers(CONFIGURER);
  }

  public static Sample logger() {
    return plugin("logger").weight(900).needs(CONFIGURER).offers(LOGGERS).section("logs");
  }

  public static Sample server() {
    return plugin("server").needs(CONFIGURER, LOGGERS).offers(SERVER).section("server");
  }

  public static Sample http() {
    return plugin("http")
        .needs(CONFIGURER, LOGGERS, SERVER)
        .collects("middleware", "dev.rr.api.plugin.Named", MIDDLEWARE)
        .section("http");
  }

  public static Sample gzip() {
    return plugin("gzip").offers(MIDDLEWARE);
  }

  /** A jar of these files. */
  public static Path jar(Path file, Map<String, String> files) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : new TreeMap<>(files).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return file;
  }

  /** Finds jars that were written for a test; knows nothing else. */
  public static final class FakeResolver implements Resolver {
    private final Path folder;
    private final List<Input> inputs = new ArrayList<>();
    private final List<CatalogueEntry> known = new ArrayList<>();
    private Optional<Input> own = Optional.empty();
    private @Nullable Input dragged;

    public FakeResolver(Path folder) {
      this.folder = folder;
    }

    /** Lists plugins in the catalogue and makes their jars. */
    public FakeResolver knows(Sample... samples) throws IOException {
      for (Sample sample : samples) {
        known.add(sample.entry());
        has(sample.coordinates(), sample);
      }
      return this;
    }

    /** Makes a jar of some plugins that no catalogue lists. */
    public FakeResolver has(Coordinates coordinates, Sample... samples) throws IOException {
      Map<String, String> files = new TreeMap<>();
      for (Sample sample : samples) {
        files.put(Descriptors.path(sample.id), Descriptors.toJson(sample.descriptor()));
      }
      return has(coordinates, files);
    }

    public FakeResolver has(Coordinates coordinates, Map<String, String> files) throws IOException {
      Path file = folder.resolve(coordinates.name() + "-" + inputs.size() + ".jar");
      inputs.add(new Input(coordinates, jar(file, files)));
      return this;
    }

    /** Makes the jar of a plugin that comes with every selection. */
    public FakeResolver drags(Sample sample) throws IOException {
      has(sample.coordinates(), sample);
      dragged = inputs.get(inputs.size() - 1);
      return this;
    }

    public FakeResolver own(Input input) {
      own = Optional.of(input);
      return this;
    }

    @Override
    public Path catalogue() throws BuildException {
      try {
        String json = new KnownPlugins(known).toJson();
        return jar(folder.resolve("catalogue.jar"), Map.of(KnownPlugins.PATH, json));
      } catch (IOException e) {
        throw new BuildException(e.toString());
      }
    }

    /** A project that fixes what is in no catalogue. */
    @Override
    public Optional<String> version(String group, String artifact) {
      return inputs.stream()
          .map(Input::coordinates)
          .filter(c -> c.key().equals(group + ":" + artifact))
          .filter(c -> known.stream().noneMatch(e -> e.coordinates().startsWith(c.key() + ":")))
          .map(Coordinates::version)
          .findFirst();
    }

    @Override
    public List<Input> runtime(Collection<Coordinates> plugins) {
      return Stream.concat(
              own.stream(),
              inputs.stream().filter(i -> i.equals(dragged) || plugins.contains(i.coordinates())))
          .sorted((a, b) -> a.coordinates().compareTo(b.coordinates()))
          .toList();
    }

    @Override
    public List<Path> processors() {
      return List.of();
    }
  }
}
