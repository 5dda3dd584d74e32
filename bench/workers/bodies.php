<?php

// What bench/transports asks for, by the path: /answer/NAME the content of that file in the folder given as argument,
// /post and /upload how much came, /stream/N as many MiB. Everything else is greeted.

declare(strict_types=1);

require __DIR__ . '/frames.php';

/** The length of a body; its hash as well when the server is only being tried. */
function summary(int $length, string $context, callable $hash): string
{
    return $length . (str_contains($context, 'probe') ? ' ' . $hash() : '');
}

/** The same of the uploaded file; both codecs carry the tree of uploads as JSON text. */
function upload(string $context): string
{
    preg_match('#"tmpName":("[^"]*")#', $context, $found);
    $file = json_decode($found[1] ?? '""');
    return summary((int) filesize($file), $context, fn () => hash_file('sha256', $file));
}

/** The answer with a file's content. */
function content(int $codec, string $file): string
{
    $type = str_ends_with($file, '.json') ? 'application/json' : 'application/octet-stream';
    return answer($codec, $type, file_get_contents($file));
}

$folder = $argv[1];
$greetings = [];
foreach ([JSON, PROTO] as $codec) {
    $greetings[$codec] = answer($codec, 'text/plain', 'Hello, world!');
}
$files = [];
while (true) {
    [$codec, $options, $payload] = request();
    $end = $options + unpack('V', $payload)[1];
    $context = substr($payload, $options, $end - $options);
    preg_match('#://[^/]*/([a-z]*)/?([\w.]*)#', $context, $path);
    switch ($path[1] ?? '') {
        case 'answer':
            fwrite(STDOUT, $files[$codec][$path[2]] ??= content($codec, "$folder/$path[2]"));
            break;
        case 'post':
            $length = strlen($payload) - $end;
            $text = summary($length, $context, fn () => hash('sha256', substr($payload, $end)));
            fwrite(STDOUT, answer($codec, 'text/plain', $text));
            break;
        case 'upload':
            fwrite(STDOUT, answer($codec, 'text/plain', upload($context)));
            break;
        case 'stream':
            fwrite(STDOUT, answer($codec, 'application/octet-stream', '', 1));
            $chunk = frame($codec, 1, str_repeat('.', 65536), 0);
            for ($left = (int) $path[2] * 16; $left > 0; $left--) {
                fwrite(STDOUT, $chunk);
            }
            fwrite(STDOUT, frame($codec, 0, '', 0));
            break;
        default:
            fwrite(STDOUT, $greetings[$codec]);
    }
}
