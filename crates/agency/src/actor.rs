//! Who acts.

use serde::{Deserialize, Serialize};

/// What somebody may be to the agency.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 定点医药机构.
    Institution,
    /// 经办.
    Clerk,
    /// 复核.
    Reviewer,
    /// 审计: reads everything, changes nothing.
    Auditor,
    /// 参保人.
    Resident,
    /// Whoever runs the program on the machine that holds the data.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] =
        [Role::Institution, Role::Clerk, Role::Reviewer, Role::Auditor, Role::Resident, Role::Operator];

    /// The name in tokens and records.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Institution => "institution",
            Role::Clerk => "clerk",
            Role::Reviewer => "reviewer",
            Role::Auditor => "auditor",
            Role::Resident => "resident",
            Role::Operator => "operator",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Role::Institution => "定点机构",
            Role::Clerk => "经办人员",
            Role::Reviewer => "复核人员",
            Role::Auditor => "审计人员",
            Role::Resident => "参保人",
            Role::Operator => "系统管理员",
        }
    }
}

/// A named actor: every record says who.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The role.
    pub role: Role,
    /// The name: a clerk's, an institution's id, a person's id.
    pub name: String,
    /// The areas for which the actor acts; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<String>,
}

impl Actor {
    /// Whoever runs the program on the machine that holds the data.
    pub fn operator(name: &str) -> Actor {
        Actor { role: Role::Operator, name: name.to_owned(), areas: Vec::new() }
    }

    /// In whose name keys are unique: two actors may use the same key for different things.
    pub fn scope(&self) -> String {
        format!("{}:{}", self.role.name(), self.name)
    }

    /// Whether the actor acts for an area.
    pub fn acts_for(&self, area: &str) -> bool {
        self.areas.is_empty() || self.areas.iter().any(|known| known == area)
    }
}
