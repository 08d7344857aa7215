/** What `lunch completion <shell>` prints. Each script asks `lunch __complete`, which asks the disk and nobody else. */

const BASH = `# bash completion for lunch. In ~/.bashrc:  eval "$(lunch completion bash)"
_lunch() {
  local value
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    COMPREPLY+=("$value")
  done < <("$1" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _lunch lunch
`;

const ZSH = `#compdef lunch
# zsh completion for lunch. In ~/.zshrc, after compinit:  eval "$(lunch completion zsh)"
_lunch() {
  local -a found
  local value description
  while IFS=$'\\t' read -r value description; do
    found+=("\${value//:/\\\\:}:$description")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && _describe lunch found
}
if [[ "\${funcstack[1]}" == _lunch ]]; then _lunch "$@"; else compdef _lunch lunch; fi
`;

const FISH = `# fish completion for lunch. In ~/.config/fish/config.fish:  lunch completion fish | source
function __lunch_complete
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  $before[1] __complete $before[2..] "$current" 2>/dev/null
end
complete -c lunch -f -a '(__lunch_complete)'
`;

export const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
