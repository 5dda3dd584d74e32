// Each line of expected.txt is a pattern that the build's output has to contain.
def log = new File(basedir, 'build.log').text
new File(basedir, 'expected.txt').eachLine { assert (log =~ it).find() }
