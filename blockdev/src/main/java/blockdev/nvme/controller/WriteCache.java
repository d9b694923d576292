package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The volatile write cache of all namespaces, which is on at first. What it is worth is the
 * medium's business; here is whether there is one.
 */
final class WriteCache {
  private final List<Namespace> namespaces;
  private final ErrorLog errors;
  private boolean on = true;

  WriteCache(List<Namespace> namespaces, ErrorLog errors) {
    this.namespaces = namespaces;
    this.errors = errors;
  }

  /** Whether a completed write may rest in volatile memory. */
  boolean isOn() {
    return on;
  }

  /** What is in the cache when it goes off becomes durable. */
  void turn(boolean toOn) {
    on = toOn;
    if (!on) {
      flush();
    }
  }

  /** Makes all that is in it durable; a medium that cannot do it is noted in the error log. */
  void flush() {
    for (Namespace namespace : namespaces) {
      try {
        namespace.medium().flush();
      } catch (UncheckedIOException ofMedium) {
        errors.add(NvmeController.ADMIN_QUEUE, 0, NvmeStatus.WRITE_FAULT, 0, namespace.id());
      }
    }
  }
}
