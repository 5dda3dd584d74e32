<?php

// The same with the package that applications use.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Spiral\Goridge\RPC\RPC;
use Spiral\RoadRunner\Services\Exception\ServiceException;
use Spiral\RoadRunner\Services\Manager;

$manager = new Manager(RPC::create($argv[1]));
echo json_encode($manager->create(
    name: 'Two',
    command: "sh -c 'echo \$FOO; exec sleep 300'",
    processNum: 2,
    env: ['foo' => 'from the package'],
    serviceNameInLogs: true,
)), "\n";
echo json_encode($manager->list()), "\n";
// A process has no memory while it is being started.
usleep(300_000);
foreach ($manager->statuses('Two') as $status) {
    echo $status['command'], ' ', json_encode($status['memory_usage'] > 0), ' ', json_encode($status['error']), "\n";
}
$before = array_column($manager->statuses('Two'), 'pid');
echo json_encode($manager->restart('Two')), "\n";
echo count(array_intersect($before, array_column($manager->statuses('Two'), 'pid'))), "\n";
try {
    $manager->create('Two', 'sleep 300');
} catch (ServiceException $e) {
    echo json_encode(str_contains($e->getMessage(), 'the service with Two name already exists')), "\n";
}
$manager->create('One', 'false');
for ($i = 0; $i < 100 && ($status = $manager->statuses('One')[0])['error'] === null; $i++) {
    usleep(50_000);
}
echo $status['error']['message'], ' ', $status['error']['code'], "\n";
echo json_encode([$manager->terminate('One'), $manager->terminate('Two')]), "\n";
