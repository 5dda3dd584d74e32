package dev.rr.plugin.reload;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Choice;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.worker.Resetter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Resets the workers of plugins when files change. */
@Plugin("reload")
@EnabledBy("reload")
final class ReloadPlugin implements Lifecycle {
  private final ReloadConfig config;
  private final Configurer configurer;
  private final Host host;
  private final Log log;
  private final Choice<Resetter> resetters;
  private @Nullable FolderWatch watch;
  private @Nullable Thread thread;

  ReloadPlugin(ReloadConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
    this.log = loggers.named("reload");
    this.resetters = new Choice<>(Resetter.class, "plugin with workers", host.catalogue());
  }

  /** Takes a plugin whose workers can be replaced. */
  @Collects
  void resetter(Named plugin, Resetter resetter) {
    resetters.add(plugin.id(), resetter);
  }

  @Override
  public void check(Problems problems) {
    Section services =
        configurer.section(ReloadConfigBinder.INSTANCE, problems).section("services");
    config
        .services()
        .forEach((name, service) -> {
          String id = id(name);
          if (resetters.find(id).isEmpty() && !resetters.isSwitchedOff(id)) {
            services.problem(name, resetters.missing(id));
          }
          missing(service)
              .forEach(folder ->
                  services
                      .section(name)
                      .problem("dirs", "the folder " + folder + " does not exist"));
        });
  }

  /** Plugins are named in any case, as they are in RoadRunner. */
  private static String id(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private Stream<Path> missing(ReloadConfig.Service service) {
    return paths(service.dirs()).stream().filter(folder -> !Files.isDirectory(folder));
  }

  private List<Path> paths(List<String> texts) {
    return texts.stream().map(text -> host.workDirectory().resolve(text).normalize()).toList();
  }

  @Override
  public void start() throws IOException {
    List<Reloader.Service> services = new ArrayList<>();
    for (Map.Entry<String, ReloadConfig.Service> entry : config.services().entrySet()) {
      service(entry.getKey(), entry.getValue()).ifPresent(services::add);
    }
    FolderWatch opened =
        new FolderWatch(
            config.interval(),
            config.polling(),
            FolderWatch.MOST,
            name -> services.stream().anyMatch(s -> s.files().rules().counts(name)),
            log);
    watch = opened;
    Reloader reloader = new Reloader(services, opened, log);
    reloader.begin();
    log.info(
        "files are watched", "plugins", config.services().keySet(), "polling", opened.isPolling());
    thread = Thread.ofPlatform().name("rr-reload").start(reloader);
  }

  private Optional<Reloader.Service> service(String name, ReloadConfig.Service service)
      throws IOException {
    Optional<Path> missing = missing(service).findFirst();
    if (missing.isPresent()) {
      throw new IOException(
          "reload.services." + name + ".dirs: the folder " + missing.get() + " does not exist");
    }
    Optional<Resetter> resetter = resetters.find(id(name));
    if (resetter.isEmpty()) {
      log.warn("a plugin that is switched off is not reloaded", "plugin", name);
    }
    List<String> patterns =
        Stream.concat(service.patterns().stream(), config.patterns().stream()).toList();
    FileTree.Rules rules =
        new FileTree.Rules(
            paths(service.dirs()), service.recursive(), patterns, paths(service.ignore()));
    return resetter.map(found ->
        new Reloader.Service(name, new FileTree(rules), found, new Debounce(config.interval())));
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      boolean ended = running.join(deadline.remaining());
      log.debug("the watch over files was stopped", "in_time", ended);
    }
    FolderWatch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
