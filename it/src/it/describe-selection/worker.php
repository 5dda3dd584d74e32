<?php
// Nothing is served here; the doctor looks whether it is there.
