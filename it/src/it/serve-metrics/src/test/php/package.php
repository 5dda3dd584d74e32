<?php

// What applications do, with spiral/roadrunner-metrics. Argument: the server's address.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Spiral\Goridge\RPC\RPC;
use Spiral\RoadRunner\Metrics\Collector;
use Spiral\RoadRunner\Metrics\Exception\MetricsException;
use Spiral\RoadRunner\Metrics\Metrics;

$metrics = new Metrics(RPC::create($argv[1]));
$metrics->declare('pkg_counter', Collector::counter()->withHelp('counts')->withNamespace('app')->withLabels('kind'));
$metrics->declare('pkg_gauge', Collector::gauge()->withHelp('goes up and down')->withSubsystem('sub'));
$metrics->declare('pkg_hist', Collector::histogram(0.1, 1.0, 5.0)->withHelp('some'));
$metrics->declare('pkg_sum', Collector::summary()->withHelp('some'));
$metrics->declare('pkg_sum', Collector::summary()->withHelp('again'));
$metrics->add('pkg_counter', 3, ['one']);
$metrics->set('pkg_gauge', 5);
$metrics->sub('pkg_gauge', 2);
$metrics->observe('pkg_hist', 0.5);
$metrics->observe('pkg_sum', 2);
foreach (['nope' => [], 'pkg_counter' => []] as $name => $labels) {
    try {
        $metrics->add($name, 1, $labels);
    } catch (MetricsException $e) {
        echo $e->getMessage(), "\n";
    }
}
$metrics->unregister('pkg_sum');
