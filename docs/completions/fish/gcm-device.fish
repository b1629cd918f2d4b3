function __gcm-device_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __gcm-device_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __gcm-device_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __gcm-device_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __gcm-device_parse_tokens -S
    set -l unparsed_tokens (__gcm-device_tokens -pc)
    switch $unparsed_tokens[1]
    case 'gcm-device'
        __gcm-device_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'send'
            __gcm-device_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'quirk=+' 'data=+' 'to=' 'id=' 'ttl=' 'state=' 'timeout=' 'version' 'h/help'
        case 'run'
            __gcm-device_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'quirk=+' 'input=' 'state=' 'offline' 'when-full=' 'pending-limit=' 'exit-when-sent' 'version' 'h/help'
        case 'register'
            __gcm-device_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'timeout=' 'version' 'h/help'
        case 'refresh-token'
            __gcm-device_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'timeout=' 'version' 'h/help'
        case 'unregister'
            __gcm-device_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'timeout=' 'version' 'h/help'
        case 'uninstall'
            __gcm-device_parse_subcommand 0 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'version' 'h/help'
        case 'subscribe'
            __gcm-device_parse_subcommand 1 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'timeout=' 'version' 'h/help'
        case 'unsubscribe'
            __gcm-device_parse_subcommand 1 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'timeout=' 'version' 'h/help'
        case 'join'
            __gcm-device_parse_subcommand 1 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'timeout=' 'version' 'h/help'
        case 'leave'
            __gcm-device_parse_subcommand 1 'relay=' 'ca=' 'sender-id=' 'app=' 'client=' 'state=' 'timeout=' 'version' 'h/help'
        case 'help'
            __gcm-device_parse_subcommand -r 1 'version'
        end
    end
end

function __gcm-device_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __gcm-device_parse_subcommand -S -a positional_count
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

function __gcm-device_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __gcm-device_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__gcm-device_tokens -p)
    if test -z "$(__gcm-device_tokens -t)"
        set -l index (count (__gcm-device_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'gcm-device' -f
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'send' -d 'Send one message and wait until the relay took it.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'run' -d 'Be a device: send the messages of --input, and print what happens.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'register' -d 'Get the app\'s token, and print it.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'refresh-token' -d 'Get another token in place of the app\'s, and print it.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'unregister' -d 'End the app\'s registration: messages to its token are refused.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'uninstall' -d 'Remove the app from the device; the relay learns of it at its next delivery.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'subscribe' -d 'Subscribe the app to a topic.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'unsubscribe' -d 'End a subscription of the app.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'join' -d 'Join a device group of the sender, and print its notification key.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'leave' -d 'Leave a device group; without its last member it is gone.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_positional "gcm-device" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send"' -l 'quirk' -d 'What the library does where sources disagree; repeatable: other-values=ignored|stringified, reserved-keys=refuse|strip, batched-callbacks=sent|sent-and-error' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send"' -l 'data' -d 'A pair of the message\'s data; repeatable.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" to' -l 'to' -d 'Where to: an address, or the notification key of a group that the app is in. (default: the address of --sender-id)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" id' -l 'id' -d 'The message\'s ID. (default: counted up in the state file)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" ttl' -l 'ttl' -d 'Time to live, such as 60s; 0s is now or never. (default: the longest)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" state' -l 'state' -d 'File for the device\'s identity and pending messages. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device send" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run"' -l 'quirk' -d 'What the library does where sources disagree; repeatable: other-values=ignored|stringified, reserved-keys=refuse|strip, batched-callbacks=sent|sent-and-error' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" input' -l 'input' -d 'File with messages; - is standard input.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" state' -l 'state' -d 'File for identity, tokens and pending messages; without it nothing is kept after the end.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" offline' -l 'offline' -d 'Never connect: print what the queue says, and stay until ended.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" when-full' -l 'when-full' -d 'Wait for room in the queue, or hand over and fail. (default: wait; offline: fail)' -rfka 'wait fail'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" pending-limit' -l 'pending-limit' -d 'Messages that may be pending, or none. (default: 20; ios: none)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" exit-when-sent' -l 'exit-when-sent' -d 'End when every line has its answer.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device register" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device refresh-token" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unregister" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device uninstall" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device subscribe" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device unsubscribe" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device join" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" relay' -l 'relay' -d 'Where the relay is: its port for this program. (default: the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" ca' -l 'ca' -d 'The CA that signed the relay\'s certificate. (default: that of the relay that was ready last)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" sender-id' -l 'sender-id' -d 'The project number that devices send to. (default: 555000111222)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" app' -l 'app' -d 'The sending app\'s package name or bundle ID.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" client' -l 'client' -d 'Whose client library the device plays: android, ios or fcm.' -rfka 'android ios fcm'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" state' -l 'state' -d 'File for the device\'s identity and tokens. (default: device.db in the state directory)' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" timeout' -l 'timeout' -d 'How long to wait for the relay\'s answer.' -rfka ''
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" version' -l 'version' -d 'Show the version.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device leave" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'gcm-device' -n '__gcm-device_should_offer_completions_for_flags_or_options "gcm-device help" version' -l 'version' -d 'Show the version.'
