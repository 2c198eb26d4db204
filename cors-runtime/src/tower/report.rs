//! The policies of an application's layers in one place, as a test keeps a snapshot of them.

use super::application::ApplicationLayer;
use super::layer::CrossOriginLayer;
use crate::report::{ANY_METHOD, ConfiguredList, Protection, Report, SharedPolicy, SharedRoute};

impl Report {
    /// The policies of these layers, each with the path below which it stands.
    ///
    /// A layer does not know its path, nor the routes of the service inside. So the application says the paths, and a layer is
    /// one line of the report, or one for each of its [`methods`](CrossOriginLayer::methods). What has no layer is not in the
    /// report.
    ///
    /// ```
    /// use cors_runtime::tower::{CrossOriginLayer, OriginLists};
    /// use cors_runtime::{Report, cross_origin};
    ///
    /// #[cross_origin(origins = ["https://app.example.com"], credentials)]
    /// struct App;
    ///
    /// #[cross_origin(origins = [config("partners")])]
    /// struct Partners;
    ///
    /// // The application makes its layers here, and its test asks for them.
    /// fn layers() -> (CrossOriginLayer, CrossOriginLayer) {
    ///     let lists = OriginLists::new([("partners", ["https://a.example"])]);
    ///     (App.layer(), Partners.layer(&lists).expect("the list is sound"))
    /// }
    ///
    /// let (app, partners) = layers();
    /// let report = Report::of_layers([("/", &app), ("/partners", &partners)]);
    /// // With the crate `insta`: `insta::assert_snapshot!(report)`.
    /// assert_eq!(
    ///     report.to_string(),
    ///     r#"any /          https://app.example.com  credentials  (App)
    /// any /partners  config("partners")  (Partners)
    /// config("partners"): https://a.example
    /// "#
    /// );
    /// ```
    #[must_use]
    pub fn of_layers<'l, P: Into<String>>(layers: impl IntoIterator<Item = (P, &'l CrossOriginLayer)>) -> Report {
        ApplicationLayer::new().report(layers)
    }
}

impl ApplicationLayer {
    /// What protects the application, and the policies of the layers inside: see [`Report::of_layers`].
    ///
    /// ```
    /// use cors_runtime::tower::ApplicationLayer;
    /// use cors_runtime::{OwnOrigins, cross_origin};
    ///
    /// #[cross_origin(origins = ["https://partner.example.net"])]
    /// struct Partners;
    ///
    /// let own = OwnOrigins::new(["https://app.example.com"]).expect("origins");
    /// let application = ApplicationLayer::new().protect_all().own_origins(own);
    /// assert_eq!(
    ///     application.report([("/partners", &Partners.layer())]).to_string(),
    ///     "any /partners  https://partner.example.net  (Partners)\n\
    ///      own origins: https://app.example.com\n\
    ///      names of the application: app.example.com\n\
    ///      all routes are protected\n"
    /// );
    /// ```
    #[must_use]
    pub fn report<'l, P: Into<String>>(&self, layers: impl IntoIterator<Item = (P, &'l CrossOriginLayer)>) -> Report {
        let super::protection::Protection { own, all, report_only, .. } = &*self.protection;
        let layers: Vec<(String, &CrossOriginLayer)> =
            layers.into_iter().map(|(path, layer)| (path.into(), layer)).collect();
        let mut lists: Vec<_> = layers.iter().flat_map(|(_, layer)| layer.lists()).collect();
        lists.sort_by(|a, b| (&a.name, &a.origins).cmp(&(&b.name, &b.origins)));
        lists.dedup();
        Report {
            protection: Protection::of(own.as_ref(), *all, *report_only),
            lists: Some(lists),
            shared: layers.iter().flat_map(|(path, layer)| layer.shared_routes(path)).collect(),
            ..Report::default()
        }
        .sorted()
    }
}

impl CrossOriginLayer {
    /// The lists that the policy names.
    fn lists(&self) -> Vec<ConfiguredList> {
        let list = |name: &&str| ConfiguredList {
            name: (*name).to_owned(),
            origins: self.shared.lists.as_ref().map(|lists| lists.texts(name)).unwrap_or_default(),
            source: String::new(),
        };
        self.shared.policy.parts.lists.iter().map(list).collect()
    }

    /// One line for each method that the layer was told; or one, if it was told none.
    fn shared_routes(&self, path: &str) -> Vec<SharedRoute> {
        let mut methods: Vec<_> = match &self.shared.methods {
            Some(methods) => methods.iter().map(ToString::to_string).collect(),
            None => vec![ANY_METHOD.to_owned()],
        };
        methods.sort();
        methods.dedup();
        let route = |method| SharedRoute {
            path: path.to_owned(),
            method,
            rank: None,
            format: None,
            handler: self.shared.shown().to_owned(),
            source: None,
            policy: SharedPolicy::of(&self.shared.policy),
        };
        methods.into_iter().map(route).collect()
    }
}
