import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

/** One OpenSearch node with HTTP on the loopback interface: {@code LoopbackOpenSearch FOLDER PORT}. */
public final class LoopbackOpenSearch extends Node {
  private static final List<String> PLUGINS =
      List.of(
          "org.opensearch.transport.Netty4Plugin",
          "org.opensearch.analysis.common.CommonAnalysisPlugin",
          "org.opensearch.index.mapper.MapperExtrasPlugin",
          "org.opensearch.painless.PainlessPlugin",
          "org.opensearch.index.reindex.ReindexPlugin",
          "org.opensearch.join.ParentJoinPlugin");

  private LoopbackOpenSearch(Settings settings, List<Class<? extends Plugin>> plugins) {
    super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "kinora"), plugins, false);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    List<Class<? extends Plugin>> plugins = new ArrayList<>();
    for (String name : PLUGINS) {
      plugins.add(Class.forName(name).asSubclass(Plugin.class));
    }
    Node node = new LoopbackOpenSearch(settings(home, arguments[1]), plugins);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, closed)));
    node.start();
    closed.await();
  }

  private static Settings settings(Path home, String port) throws IOException {
    for (String folder : List.of("config", "data", "logs", "plugins", "modules")) {
      Files.createDirectories(home.resolve(folder));
    }
    return Settings.builder()
        .put("path.home", home.toString())
        .put("cluster.name", "kinora")
        .put("node.name", "kinora")
        .put("discovery.type", "single-node")
        .put("network.host", "127.0.0.1")
        .put("http.port", port)
        .put("transport.port", "0")
        .put("http.type", "netty4")
        .put("transport.type", "netty4")
        // A test machine's disk may be nearly full, and its kernel may allow few mapped files.
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .put("node.store.allow_mmap", false)
        .build();
  }

  private static void close(Node node, CountDownLatch closed) {
    try {
      node.close();
    } catch (IOException e) {
      System.err.println("the node could not be closed: " + e.getMessage());
    } finally {
      closed.countDown();
    }
  }
}
