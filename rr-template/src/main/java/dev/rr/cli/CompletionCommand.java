package dev.rr.cli;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Words;
import dev.rr.cli.completion.CompletionScript;

/** Prints a script that makes a shell complete commands, flags and names of plugins. */
final class CompletionCommand implements Command {
  private static final Words SHELLS = Words.of("bash", "zsh", "fish");

  private final Commands commands;

  CompletionCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("completion", "Print a completion script for bash, zsh or fish")
        .taking(SHELLS)
        .saying(
            """
            Once, for this shell:
              bash:  source <(rr completion bash)
              zsh:   source <(rr completion zsh)
              fish:  rr completion fish | source
            For good:
              bash:  rr completion bash > ~/.local/share/bash-completion/completions/rr
              zsh:   rr completion zsh > "${fpath[1]}/_rr"
              fish:  rr completion fish > ~/.config/fish/completions/rr.fish
            """);
  }

  @Override
  public int run(CommandContext context, Arguments own) {
    String shell = own.positionals().isEmpty() ? "bash" : own.positionals().getFirst();
    CompletionScript script =
        new CompletionScript(context.program(), commands.specs(), context.assembly().catalogue());
    context
        .out()
        .print(
            switch (shell) {
              case "zsh" -> script.zsh();
              case "fish" -> script.fish();
              default -> script.bash();
            });
    return 0;
  }
}
