import { Argument, Command } from 'commander';
import { candidates } from './candidates.ts';
import { examples } from './place-options.ts';
import type { Terminal } from './terminal.ts';

/** What a shell calls with the words so far, the one being written last. */
const ASK = '__complete';

/** Each gives the words so far to the command, and falls back to file names where it has nothing to say. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_jwt_authorizer() {
  local IFS=$'\\n'
  COMPREPLY=($(jwt-authorizer ${ASK} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _jwt_authorizer jwt-authorizer
`,
  zsh: `#compdef jwt-authorizer
_jwt_authorizer() {
  local -a found
  found=("\${(@f)$(jwt-authorizer ${ASK} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _jwt_authorizer jwt-authorizer
`,
  fish: `complete -c jwt-authorizer -f -a '$__jwt_authorizer_found' -n '
  set -g __jwt_authorizer_found (jwt-authorizer ${ASK} -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  set -q __jwt_authorizer_found[1]'
`,
};

/** `jwt-authorizer completion SHELL`: the script that makes a shell complete commands and options. */
export function completionCommand(terminal: Terminal): Command {
  return new Command('completion')
    .description('Print the script that makes a shell complete commands and options')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      `${examples('completion bash > ~/.local/share/bash-completion/completions/jwt-authorizer', 'completion fish > ~/.config/fish/completions/jwt-authorizer.fish')}

For zsh, in ~/.zshrc after compinit:  source <(jwt-authorizer completion zsh)`,
    )
    .action((shell: string) => terminal.out(SCRIPTS[shell] ?? ''));
}

/** Answers the scripts. @param program the whole command line. */
export function completeCommand(program: Command, terminal: Terminal): Command {
  return new Command(ASK).argument('[word...]').action((words: string[]) => {
    for (const candidate of candidates(program, words)) terminal.out(`${candidate}\n`);
  });
}
