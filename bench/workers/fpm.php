<?php

// The same answer behind nginx and php-fpm.

header('Content-Type: text/plain');
echo 'Hello, world!';
