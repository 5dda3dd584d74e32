package dev.rr.cli;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Words;

/** Says how a command is called. */
final class HelpCommand implements Command {
  private final Commands commands;

  HelpCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("help", "Help about any command").taking(Words.any("[command]"));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws CliException {
    String topic = own.positionals().isEmpty() ? "" : own.positionals().getFirst();
    CommandSpec about = commands.spec(topic);
    if (about == null && !topic.isEmpty()) {
      throw new CliException("unknown help topic \"" + topic + '"');
    }
    context.out().print(HelpText.of(context.program(), about, commands));
    return 0;
  }
}
