<?php

// Copies what composer would load from checkouts into one folder and writes its autoload.php.
// Arguments: the folder, then the checkouts. Started by bin/php-packages.

declare(strict_types=1);

/** What Debian packages: libraries that the packages build on, and the folders of their namespaces. */
const DEBIAN = [
    'Nyholm\\Psr7\\' => '/usr/share/php/Nyholm/Psr7',
    'Psr\\Http\\Message\\' => '/usr/share/php/Psr/Http/Message',
    'Psr\\Log\\' => '/usr/share/php/Psr/Log',
    'Psr\\SimpleCache\\' => '/usr/share/php/Psr/SimpleCache',
    'Google\\Protobuf\\' => '/usr/share/php/Google/Protobuf',
    'GPBMetadata\\Google\\Protobuf\\' => '/usr/share/php/GPBMetadata/Google/Protobuf',
];

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}

function copy_tree(string $from, string $to): void
{
    if (is_file($from)) {
        is_dir(dirname($to)) || mkdir(dirname($to), 0777, true);
        copy($from, $to) || fail("$from could not be copied to $to.");
        return;
    }
    is_dir($to) || mkdir($to, 0777, true) || fail("$to could not be made.");
    foreach (array_diff(scandir($from), ['.', '..']) as $name) {
        copy_tree("$from/$name", "$to/$name");
    }
}

function remove_tree(string $path): void
{
    if (is_dir($path) && !is_link($path)) {
        foreach (array_diff(scandir($path), ['.', '..']) as $name) {
            remove_tree("$path/$name");
        }
        rmdir($path);
    } elseif (file_exists($path) || is_link($path)) {
        unlink($path);
    }
}

/** The package in a checkout: name, psr-4 rules and files, with lists for what may be a text. */
function package(string $checkout): array
{
    $file = "$checkout/composer.json";
    is_readable($file) || fail("$checkout has no readable composer.json: it must be a checkout of a PHP package.");
    $json = json_decode(file_get_contents($file), true) ?? fail("$file is no JSON.");
    $name = $json['name'] ?? fail("$file has no name.");
    $autoload = $json['autoload'] ?? [];
    foreach (array_diff(array_keys($autoload), ['psr-4', 'files', 'exclude-from-classmap']) as $rule) {
        fail("$file: autoload.$rule is not understood; psr-4 and files are.");
    }
    $rules = array_map(fn($folders) => (array) $folders, $autoload['psr-4'] ?? []);
    return [$name, $rules, $autoload['files'] ?? []];
}

[, $folder] = $argv;
$checkouts = array_slice($argv, 2);
$packages = array_map(package(...), $checkouts);
$beside = "$folder.new";
remove_tree($beside);
$namespaces = [];
$files = [];
foreach ($packages as $i => [$name, $rules, $always]) {
    foreach ($rules as $namespace => $folders) {
        foreach ($folders as $source) {
            $source = rtrim($source, '/');
            copy_tree("$checkouts[$i]/$source", "$beside/$name/$source");
            $namespaces[$namespace][] = "__DIR__ . '/$name/$source'";
        }
    }
    foreach ($always as $file) {
        copy_tree("$checkouts[$i]/$file", "$beside/$name/$file");
        $files[] = "__DIR__ . '/$name/$file'";
    }
    echo "$name\n";
}
foreach (DEBIAN as $namespace => $source) {
    $namespaces[$namespace][] = "'$source'";
}
// The longest namespace that fits is asked first, as composer does.
uksort($namespaces, fn($a, $b) => [strlen($b), $a] <=> [strlen($a), $b]);
$code = "<?php\n\n// Made by bin/php-packages.\n\nspl_autoload_register(static function (string \$class): void {\n"
    . "    static \$namespaces = [\n";
foreach ($namespaces as $namespace => $folders) {
    $code .= '        ' . var_export($namespace, true) . ' => [' . implode(', ', $folders) . "],\n";
}
$code .= <<<'PHP'
    ];
    foreach ($namespaces as $namespace => $folders) {
        if (str_starts_with($class, $namespace)) {
            foreach ($folders as $folder) {
                $file = $folder . '/' . strtr(substr($class, strlen($namespace)), '\\', '/') . '.php';
                if (is_file($file)) {
                    require $file;
                    return;
                }
            }
        }
    }
});

PHP;
foreach ($files as $file) {
    $code .= "require $file;\n";
}
file_put_contents("$beside/autoload.php", $code) || fail("$beside/autoload.php could not be written.");
remove_tree($folder);
rename($beside, $folder) || fail("$beside could not be renamed to $folder.");
echo "The packages above are in $folder; bin/check finds them.\n";
