function __gcm-appserver_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __gcm-appserver_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __gcm-appserver_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __gcm-appserver_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __gcm-appserver_parse_tokens -S
    set -l unparsed_tokens (__gcm-appserver_tokens -pc)
    switch $unparsed_tokens[1]
    case 'gcm-appserver'
        __gcm-appserver_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __gcm-appserver_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'api-key=' 'ack=' 'echo' 'connections=' 'count=' 'version' 'h/help'
        case 'send'
            __gcm-appserver_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'api-key=' 'to=' 'data=+' 'id=' 'receipt' 'dry-run' 'ttl=' 'collapse-key=' 'priority=' 'timeout=' 'version' 'h/help'
        case 'help'
            __gcm-appserver_parse_subcommand -r 1 'version'
        end
    end
end

function __gcm-appserver_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __gcm-appserver_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __gcm-appserver_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __gcm-appserver_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__gcm-appserver_tokens -p)
    if test -z "$(__gcm-appserver_tokens -t)"
        set -l index (count (__gcm-appserver_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'gcm-appserver' -f
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_positional "gcm-appserver" -eq 1' -fa 'run' -d 'Receive messages, ACK them, and print what happens as lines of JSON.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_positional "gcm-appserver" -eq 1' -fa 'send' -d 'Send one message downstream and print the relay\'s answer as a line of JSON.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_positional "gcm-appserver" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" api-key' -l 'api-key' -d 'The project\'s API key. (default: demo-key)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" ack' -l 'ack' -d 'Which deliveries are ACKed: always, never, skip:N (leave the first N deliveries of each message unanswered) or after:DURATION (such as after:250ms).' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" echo' -l 'echo' -d 'Send the data of each message back to the device that it came from.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" connections' -l 'connections' -d 'Connections to hold at the same time.' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" count' -l 'count' -d 'End with 0 once so many distinct messages were ACKed.' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" api-key' -l 'api-key' -d 'The project\'s API key. (default: demo-key)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" to' -l 'to' -d 'Who gets it: a registration token, /topics/NAME, or a condition such as "\'news\' in topics && \'sports\' in topics".' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send"' -l 'data' -d 'A pair of the message\'s data; repeatable.' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" id' -l 'id' -d 'The message\'s ID. (default: a new one)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" receipt' -l 'receipt' -d 'Ask for a delivery receipt, which comes to the app server that runs then.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" dry-run' -l 'dry-run' -d 'Have the relay judge the message without delivering it.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" ttl' -l 'ttl' -d 'Time to live, such as 600s; 0s is now or never. (default: the relay\'s longest)' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" collapse-key' -l 'collapse-key' -d 'Replaces the message with the same key that still waits for the device.' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" priority' -l 'priority' -d 'How urgent it is. (default: the relay\'s)' -rfka 'high normal'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver send" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-appserver' -n '__gcm-appserver_should_offer_completions_for_flags_or_options "gcm-appserver help" version' -l 'version' -d 'Show the version.'
