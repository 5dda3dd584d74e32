// The lines outside of the plugins' folders, each where the alphabet has it.
def copy = new File(basedir, 'copy')
def plugins = ['do'] + ['command', 'driver', 'host', 'middleware', 'page', 'rpc', 'worker'].collect { "new-$it".toString() }
def listed = { path, pattern -> (new File(copy, path).text =~ pattern).collect { it[1] } }

def modules = listed('rr-plugins/pom.xml', /<module>(.+)<\/module>/) - 'lib'
assert modules.containsAll(plugins) && modules == modules.toSorted()
def catalogue = listed('rr-plugins/lib/catalogue/pom.xml', /<artifactId>rr-plugin-(.+)<\/artifactId>/)
assert catalogue == modules
assert listed('README.md', /(?m)^\| ([a-z0-9-]+) \| .* \|$/).containsAll(plugins)

// The one that stands alone is in the server that it builds, and PHP was served by that.
assert new File(basedir, 'alone/teapot/target/surefire-reports/TEST-com.acme.teapot.TeapotIT.xml').text.contains('errors="0"')
assert new File(basedir, 'alone/teapot/target/rr').canExecute()
assert new File(basedir, 'build.log').text =~ /Plugins: .*teapot/
