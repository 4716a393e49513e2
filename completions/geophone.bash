# SPDX-License-Identifier: Apache-2.0
# bash completion for geophone(8)

_geophone()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} option=''
    local IFS=$' \t\n'
    COMPREPLY=()
    # bash cuts words at '=': --color=au is "--color" "=" "au"
    if [[ $current == = ]]; then
        option=$previous current=''
    elif [[ $previous == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    else
        option=$previous
        [[ $previous == --json ]] && option='' # its file must be joined with '='
    fi
    case $option in
    --color)
        mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current")
        return
        ;;
    -i | --interface)
        mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" --list-interfaces 2>/dev/null | cut -d ' ' -f 1)" -- "$current")
        return
        ;;
    --set)
        mapfile -t COMPREPLY < <(compgen -S = -W "$("${COMP_WORDS[0]}" --dump-config 2>/dev/null | cut -d ' ' -f 1)" -- "$current")
        compopt -o nospace 2>/dev/null
        return
        ;;
    --redis)
        mapfile -t COMPREPLY < <(compgen -W 'redis:// unix://' -- "$current")
        return
        ;;
    --capture-filter)
        return
        ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--read --interface --listen --capture-filter --config --set --test --dump-config
            --json --report --redis --color --exit-code --quiet --verbose --list-interfaces --check-host --list-dialects
            --build-info --version --help' -- "$current")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _geophone geophone
