package com.deloton.infra.analyst;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.database.Database;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.AnalystMode;

/** Private access of Tableau to the reading database, by Session Manager or PrivateLink. A migration creates its role. */
public final class AnalystAccess extends Component {
    /** The port of the database on the analyst's computer in the mode session-manager. */
    public static final String FORWARDED_PORT = "15432";

    public AnalystAccess(StackContext context, Settings.Analyst settings, Network network, Database database) {
        super("AnalystAccess", "analyst", context);
        if (settings.mode() == AnalystMode.SESSION_MANAGER) {
            SessionHost.create(this, network, database);
        }
        if (settings.mode() == AnalystMode.PRIVATE_LINK) {
            PrivateLink.create(this, settings, network, database);
        }
        done();
    }
}
