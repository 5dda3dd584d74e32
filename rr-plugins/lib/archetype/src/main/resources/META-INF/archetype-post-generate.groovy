// The archetype unpacks rr:new-plugin's own jar, which then makes the project in its place: one source of templates,
// and whatever rr:new-plugin makes, this makes, too.
def folder = new File(request.outputDirectory, request.artifactId)
def jar = File.createTempFile('rr-new-plugin', '.jar')
try {
    jar.bytes = new File(folder, 'generator.jar').bytes
    ['generator.jar', 'pom.xml'].each { new File(folder, it).delete() }
    // Fails where there is more, which was there before and is somebody's: it stays, and nothing is written to it.
    folder.delete()
    def loader = new URLClassLoader([jar.toURI().toURL()] as URL[], ClassLoader.platformClassLoader)
    loader.withCloseable {
        it.loadClass('dev.rr.build.init.NewPlugin')
            .of(request.artifactId, request.properties['kind'], request.groupId)
            .write(folder.toPath())
    }
    def pom = new File(folder, 'pom.xml')
    pom.text = pom.text.replace('<version>1.0.0-SNAPSHOT<', "<version>${request.version}<")
} finally {
    jar.delete()
}
