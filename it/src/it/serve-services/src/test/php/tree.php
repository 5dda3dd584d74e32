<?php

// A service with a child, both of which do not mind being asked to stop.

declare(strict_types=1);

pcntl_signal(SIGINT, SIG_IGN);
$child = proc_open(['sleep', '300'], [], $pipes);
file_put_contents('tree.pids', getmypid() . ' ' . proc_get_status($child)['pid']);
sleep(300);
