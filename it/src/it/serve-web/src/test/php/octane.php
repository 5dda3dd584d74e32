<?php

// What Laravel Octane's console makes of its server's standard output: a line for each request, what workers wrote,
// and everything else that is no JSON. It looks at these keys and words and at no others.

declare(strict_types=1);

foreach (file($argv[1], FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES) as $line) {
    $debug = json_decode($line, true);
    if (!is_array($debug)) {
        echo "text $line\n";
    } elseif (is_array($stream = json_decode($debug['msg'], true))) {
        echo "stream {$stream['type']}\n";
    } elseif ($debug['logger'] === 'server') {
        echo "worker {$debug['msg']}\n";
    } elseif ($debug['level'] === 'info' && isset($debug['remote_address']) && $debug['msg'] === 'http log') {
        ['elapsed' => $elapsed, 'method' => $method, 'status' => $status, 'URI' => $url] = $debug;
        if (filter_var($elapsed, FILTER_VALIDATE_INT) === false) {
            throw new UnexpectedValueException("not milliseconds: $line");
        }
        echo "request $status $method ", parse_url($url, PHP_URL_PATH), "\n";
    }
}
