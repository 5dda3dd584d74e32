package dev.rr.cli.init;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.GlobalOptions;
import dev.rr.kernel.ErrorText;
import dev.rr.kernel.HostSettings;
import dev.rr.kernel.PluginInfo;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a first configuration for the application in the folder. Never overwrites one. */
public final class FirstConfigCommand implements Command {
  private static final Set<String> YES = Set.of("y", "yes");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("init", "Write a first .rr.yaml for the application in this folder");
  }

  @Override
  public int run(CommandContext context, Arguments own) throws CliException {
    HostSettings settings = context.settings();
    Project project = new ProjectFolder(settings.workDirectory()).project();
    write(context, settings.configFile(), project);
    return 0;
  }

  /**
   * Offers to write the configuration that a server lacks, where a person can answer and named no
   * other file.
   */
  public static void offer(CommandContext context, HostSettings settings) throws CliException {
    Path file = settings.configFile();
    boolean read = context.assembly().plugins().stream().anyMatch(p -> p.id().equals("config"));
    boolean named = !context.options().config().equals(GlobalOptions.DEFAULT_CONFIG);
    if (Files.exists(file) || named || !read) {
      return;
    }
    Project project = new ProjectFolder(settings.workDirectory()).project();
    Optional<String> answer =
        context
            .terminal()
            .ask("There is no " + file + ". Write one for " + project.name() + "? [y/N] ");
    if (answer.isPresent() && YES.contains(answer.get().toLowerCase(Locale.ROOT))) {
      write(context, file, project);
    }
  }

  private static void write(CommandContext context, Path file, Project project)
      throws CliException {
    Set<String> plugins =
        context.assembly().plugins().stream().map(PluginInfo::id).collect(Collectors.toSet());
    try {
      Files.writeString(file, FirstConfig.of(project, plugins), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new CliException(
          file + " is there already and stays as it is; -c names another file to write");
    } catch (IOException e) {
      throw new CliException("cannot write " + ErrorText.text(e));
    }
    context.say("wrote " + file + " for " + project.name());
    if (!project.missing().isEmpty()) {
      context.say("still missing: " + project.missing());
    }
  }
}
