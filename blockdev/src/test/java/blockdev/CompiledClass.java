package blockdev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A class as its class file has it.
 *
 * @param classes every class that it names, in whatever way: all that is in its constant pool, with
 *     what descriptors, signatures and annotations name
 * @param members every field and method that it uses, such as {@code java.util.Random.<init>()V}
 */
record CompiledClass(ClassModel model, String name, Set<String> classes, Set<String> members) {
  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w$/]+)[;<]");

  /** All classes that lie where {@code one} of them lies: in a directory, or in a jar. */
  static List<CompiledClass> allBeside(Class<?> one) {
    try {
      Path place = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return allBelow(place);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return allBelow(jar.getPath("/"));
      }
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<CompiledClass> allBelow(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(CompiledClass::read)
          .toList();
    }
  }

  private static CompiledClass read(Path file) {
    try {
      return of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CompiledClass of(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    Set<String> classes = new TreeSet<>();
    Set<String> members = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry named -> addClass(named.asInternalName(), classes);
        case MemberRefEntry used ->
            members.add(
                used.owner().asInternalName().replace('/', '.')
                    + "."
                    + used.name().stringValue()
                    + used.type().stringValue());
        case Utf8Entry text -> addDescribed(text.stringValue(), classes);
        default -> {}
      }
    }
    String name = model.thisClass().asInternalName().replace('/', '.');
    return new CompiledClass(model, name, classes, members);
  }

  private static void addClass(String internalName, Set<String> classes) {
    if (internalName.startsWith("[")) {
      addDescribed(internalName, classes);
    } else {
      classes.add(internalName.replace('/', '.'));
    }
  }

  private static void addDescribed(String descriptor, Set<String> classes) {
    if (descriptor.indexOf('/') >= 0) {
      Matcher described = IN_DESCRIPTOR.matcher(descriptor);
      while (described.find()) {
        classes.add(described.group(1).replace('/', '.'));
      }
    }
  }

  /**
   * Whether it is in a package, or with two dots at its end, in that or one below it.
   *
   * @param packages such as {@code blockdev.queue} or {@code blockdev.queue..}
   */
  boolean isIn(String packages) {
    return isIn(name, packages);
  }

  static boolean isIn(String name, String packages) {
    String itsPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    if (!packages.endsWith("..")) {
      return itsPackage.equals(packages);
    }
    String top = packages.substring(0, packages.length() - 2);
    return itsPackage.equals(top) || itsPackage.startsWith(top + ".");
  }

  /** Its methods that enter a monitor. */
  List<String> synchronizedMethods() {
    return model.methods().stream()
        .filter(CompiledClass::entersAMonitor)
        .map(method -> method.methodName().stringValue())
        .toList();
  }

  private static boolean entersAMonitor(MethodModel method) {
    return method.flags().has(AccessFlag.SYNCHRONIZED)
        || method
            .code()
            .filter(code -> code.elementStream().anyMatch(MonitorInstruction.class::isInstance))
            .isPresent();
  }
}
